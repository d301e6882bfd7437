/** Imported for what it does: it fetches what a cashier needs while the page has nothing to do. */
export {};
