// The hosted page loads itself again where a release has taken its files away: most often an old page out of a cache, which
// names files that are gone. An element never does so, for it does not know what would be lost with the page around it.

const KEY = 'wechat-cashier.reloaded-for';

/**
 * Loads the page again if a file is missing, once for this version of it. Says whether it does. The mark is in the history's
 * entry, which a reload keeps and clearing the storage does not touch; a page that was reloaded does not do it either way.
 */
export function reloadOnce(code, { history, location, performance } = self, version = import.meta.url) {
  if (code !== 'file_missing' || isReload(performance) || (history.state || {})[KEY] === version) {
    return false;
  }
  try {
    history.replaceState({ ...history.state, [KEY]: version }, '');
  } catch (error) {
    return false; // too many changes of the history, or a page without an origin: the payer has the button
  }
  location.reload();
  return true;
}

/** Older browsers have only the deprecated one. Where neither says how the page came, it counts as one. */
function isReload(performance) {
  const [visit] = performance.getEntriesByType ? performance.getEntriesByType('navigation') : [];
  return visit ? visit.type === 'reload' : !/^[02]$/.test((performance.navigation || {}).type);
}
