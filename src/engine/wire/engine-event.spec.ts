import { describe, expect, it } from '@jest/globals';
import { engineEvent, eventText } from './engine-event.js';

const TEXT =
  '{"status":"exec_create: cat \\"timeNano\\":1","id":"ab","Type":"container","Action":"exec_create: cat","Actor":' +
  '{"ID":"ab","Attributes":{"name":"a","secret":"b"}},"scope":"local","time":1700000000,"timeNano":1700000000123456789}';

describe('the text of an event of which a part is hidden', () => {
  it('has what is shown in place of what was told, and the time to the nanosecond', () => {
    const event = { ...engineEvent(JSON.parse(TEXT)), action: 'exec_create', attributes: { name: 'a' } };
    const text = eventText(TEXT, event);
    expect(text).toContain('"timeNano":1700000000123456789');
    expect(JSON.parse(text)).toMatchObject({
      status: 'exec_create',
      Action: 'exec_create',
      Actor: { ID: 'ab', Attributes: { name: 'a' } },
      time: 1700000000,
    });
    expect(text).not.toMatch(/cat|secret/);
  });

  it('has no status where the engine has none', () => {
    const modern = '{"Type":"network","Action":"connect","Actor":{"ID":"n","Attributes":{}},"time":1}';
    expect(eventText(modern, engineEvent(JSON.parse(modern)))).not.toContain('status');
  });
});
