//! Tables. On a narrow screen each row is a small list (`console.css`), which takes the browser's own roles away: they are said here.

use leptos::prelude::*;

/// A table with a caption. Cells come in the order of the heads.
pub(super) fn table(caption: String, heads: &[&'static str], rows: Vec<Vec<AnyView>>) -> AnyView {
    let head: Vec<_> =
        heads.iter().map(|head| view! { <th role="columnheader" scope="col">{*head}</th> }.into_any()).collect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|cells| {
            let cells: Vec<_> = cells
                .into_iter()
                .zip(heads)
                // The value stays one thing beside its head, whatever it is made of.
                .map(|(cell, head)| view! { <td role="cell" data-head=*head><div>{cell}</div></td> }.into_any())
                .collect();
            view! { <tr role="row">{cells}</tr> }.into_any()
        })
        .collect();
    view! {
        <table role="table">
            <caption>{caption}</caption>
            <thead role="rowgroup"><tr role="row">{head}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Facts, each with its name. What there is nothing of is left out.
pub(super) fn facts(facts: Vec<(&'static str, Option<AnyView>)>) -> AnyView {
    let facts: Vec<_> = facts
        .into_iter()
        .filter_map(|(name, value)| Some(view! { <div><dt>{name}</dt><dd>{value?}</dd></div> }.into_any()))
        .collect();
    view! { <dl class="facts">{facts}</dl> }.into_any()
}

/// Links of which one is where one is.
pub(super) fn choices(label: &'static str, choices: Vec<(String, &'static str, bool)>) -> AnyView {
    let links: Vec<_> = choices
        .into_iter()
        .map(|(href, name, is_here)| {
            let current = is_here.then_some("true");
            view! { <li><a href=href aria-current=current>{name}</a></li> }.into_any()
        })
        .collect();
    view! { <nav class="choices" aria-label=label><ul>{links}</ul></nav> }.into_any()
}

/// A word on a ground: `kind` is one of the style sheet's.
pub(super) fn badge(kind: &'static str, word: impl Into<String>) -> AnyView {
    view! { <span class=format!("badge {kind}")>{word.into()}</span> }.into_any()
}
