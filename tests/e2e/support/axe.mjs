// axe-core's judgement of a page, shadow roots included.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { touring } from './gallery.mjs';

const SOURCE = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.0 to 2.2, A and AA, and what axe calls good practice; `target-size` (2.5.8) is one that has to be asked for. */
const OPTIONS = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
};
/** The rules that a theme can break: it changes colours and nothing else. */
const COLOURS = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }, resultTypes: ['violations'] };

/**
 * A judge of this page as it is now; valid until the page goes elsewhere. In a world of its own: the page's clock may be
 * held, and its content security policy strict.
 */
export async function judge(page) {
  const cdp = await page.context().newCDPSession(page);
  const { frameTree } = await cdp.send('Page.getFrameTree');
  const { executionContextId: contextId } = await cdp.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const evaluate = async (expression) => {
    const options = { contextId, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', { expression, ...options });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  };
  await evaluate(`${await SOURCE}; 0`);
  const looking = (coloursOnly) => `() => axe.run(document, ${JSON.stringify(coloursOnly ? COLOURS : OPTIONS)})
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => {
      return id + ': ' + target.flat().join(' ') + ': ' + failureSummary.replace(/\\s+/g, ' ');
    })))`;
  return {
    /** What is wrong with the page as it is, in words: the rule, where, and why. */
    look: ({ coloursOnly = false } = {}) => evaluate(`(${looking(coloursOnly)})()`),
    /** The same of pictures of the gallery. */
    tour: (all, { coloursOnly = false } = {}) => evaluate(touring(all, looking(coloursOnly))),
  };
}
