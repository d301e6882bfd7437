//! The npm package: what the hosted page is made of, under names that stay, with types and a manifest.

use std::path::Path;

use anyhow::{Context, ensure};
use xshell::Shell;

use crate::step::Step;
use crate::{files, npm, repo, scripts};

/// Files of `npm/` that go into the package as they are.
const AS_THEY_ARE: [&str; 6] =
    ["wechat-cashier.d.ts", "react.d.ts", "vue.d.ts", "warm.d.ts", "custom-elements.json", "README.md"];
/// What its README refers to, for whoever has nothing but the tarball.
pub(crate) const DOCUMENTS: [&str; 7] = [
    "docs/backend.md",
    "docs/contract.md",
    "docs/counter.md",
    "docs/embedding.md",
    "docs/openapi.json",
    "docs/telemetry.md",
    "docs/wechat.md",
];
const LICENCES: [&str; 3] = ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"];

/// Writes the package out of the staged files.
pub(crate) fn write(sh: &Shell, stage: &Path) -> anyhow::Result<()> {
    let folder = repo::package();
    sh.remove_path(&folder)?;
    sh.create_dir(folder.join("words"))?;
    for name in scripts::PROGRAM.into_iter().chain(scripts::LATER).chain(scripts::NOT_SCRIPTS_OF_OURS) {
        sh.copy_file(stage.join(name), folder.join(name)).with_context(|| format!("no {name} for the package"))?;
    }
    scripts::bundle(sh, "element.js", &folder.join(scripts::ELEMENT))?;
    for name in [scripts::TROUBLE, scripts::WARM] {
        scripts::bundle(sh, name, &folder.join(name))?;
    }
    for name in AS_THEY_ARE {
        sh.copy_file(Path::new("npm").join(name), folder.join(name))?;
    }
    sh.create_dir(folder.join("docs"))?;
    for name in LICENCES {
        sh.copy_file(name, folder.join(name))?;
    }
    for name in DOCUMENTS {
        sh.write_file(folder.join(name), without_ways_out(&sh.read_file(name)?))?;
    }
    sh.copy_file("src/embed/words/keys.d.ts", folder.join("words/keys.d.ts"))?;
    let manifest = sh.read_file("npm/package.json")?.replace("0.0.0", env!("CARGO_PKG_VERSION"));
    Ok(sh.write_file(folder.join("package.json"), manifest)?)
}

/// A document of `docs/` whose links to what is not in the package are words: that is in the repository.
fn without_ways_out(text: &str) -> String {
    let mut in_code = false;
    let lines = text.split_inclusive('\n').map(|line| {
        in_code ^= line.starts_with("```");
        if in_code { line.to_owned() } else { in_words(line) }
    });
    lines.collect()
}

fn in_words(line: &str) -> String {
    let mut parts = line.split("](");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut done, rest| {
        let target = rest.split_once(')').map_or("", |(target, _)| target);
        let file = target.split('#').next().unwrap_or_default();
        let leads = file.is_empty() || file.contains("://") || DOCUMENTS.contains(&format!("docs/{file}").as_str());
        match done.rfind('[') {
            Some(start) if !leads => {
                let of_picture = done[..start].ends_with('!');
                done.replace_range(start - usize::from(of_picture)..=start, "");
                done + " (in the repository)" + &rest[target.len() + 1..]
            }
            _ => done + "](" + rest,
        }
    })
}

/// Packs what was written. npm dates all files alike, so that the same files make the same tarball.
///
/// A folder that is installed becomes a symlink, and what it links to lies outside of the project: Vite's development server
/// and Next.js refuse to serve it.
pub(crate) fn pack(sh: &Shell) -> anyhow::Result<()> {
    let tarball = repo::tarball();
    let folder = tarball.parent().context("the tarball is in no folder")?;
    for old in files::with_extension(folder, "tgz")? {
        sh.remove_path(old)?;
    }
    let pack = npm::program(sh, "npm").args(["pack", "--offline"]).arg(repo::package());
    Step::new("npm pack").run(pack.arg("--pack-destination").arg(folder).quiet())?;
    ensure!(tarball.is_file(), "npm has not written {}", tarball.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without_ways_out;

    #[test]
    fn only_what_is_in_the_package_is_linked() {
        let text =
            "See [the contract](contract.md#events), [above](#look), [x](https://x.example/).\n```js\nf[0](a)\n```\n";
        assert_eq!(without_ways_out(text), text);
        let out =
            without_ways_out("A [page](../examples/plain), ![a picture](pictures/x.png), [rules](platform.md#1).");
        assert_eq!(out, "A page (in the repository), a picture (in the repository), rules (in the repository).");
    }
}
