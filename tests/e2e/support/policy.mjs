// What a content security policy has to know of the hosted page (docs/embedding.md).

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { DIST } from './sandbox.mjs';

const [, own] = /<script>(.*?)<\/script>/s.exec(readFileSync(`${DIST}/index.html`, 'utf8'));

/** The hosted page's own script, as a policy names it. */
export const OWN_SCRIPT = `'sha256-${createHash('sha256').update(own).digest('base64')}'`;
