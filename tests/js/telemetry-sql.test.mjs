// The queries of docs/telemetry.md, run over its own example: each table after a query is what it answers.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import initSqlJs from 'sql.js';

const document = readFileSync(new URL('../../docs/telemetry.md', import.meta.url), 'utf8');
const SQLite = await initSqlJs();

/** The fenced blocks of a kind, each with the text that follows it until the next fence. */
function blocks(kind) {
  const pieces = document.split(/^```/m);
  return pieces.flatMap((piece, index) => (piece.startsWith(`${kind}\n`) ? [{ text: piece.slice(kind.length + 1), after: pieces[index + 1] }] : []));
}

/** The rows of a Markdown table, the head first. */
function table(text) {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line) => line.slice(1, line.lastIndexOf('|')).split('|').map((cell) => cell.trim());
  return [lines[0], ...lines.slice(2)].map(cells);
}

const tables = () => blocks('sql').filter(({ text }) => text.startsWith('CREATE'));
const queries = () => blocks('sql').filter(({ text }) => text.startsWith('SELECT'));

/** A database as the document says to make it. */
function filled() {
  const database = new SQLite.Database();
  for (const { text } of tables()) {
    database.exec(text);
  }
  const [{ text }] = blocks('jsonl');
  for (const line of text.trim().split('\n')) {
    const { batch_id, visit, lang, layout, sent_at_ms, dropped, events } = JSON.parse(line);
    database.run('INSERT INTO funnel_batch VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      batch_id, visit, '2026-11-21 10:00:00', lang, layout, sent_at_ms, dropped,
    ]);
    if (database.getRowsModified() === 1) {
      events.forEach((event, place) => database.run('INSERT INTO funnel_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
        batch_id, place, visit, event.name, event.at_ms, event.method ?? null, event.screen ?? null, event.code ?? null,
        event.fatal ?? null,
      ]));
    }
  }
  return database;
}

test('the document has its tables and its queries', () => {
  assert.equal(tables().length, 2);
  assert.equal(queries().length, 7);
});

for (const { text, after } of queries()) {
  test(text.split('\n')[0], () => {
    const [{ columns, values }] = filled().exec(text);
    const answer = [columns, ...values.map((row) => row.map(String))];
    assert.deepEqual(answer, table(after));
  });
}
