import { describe, expect, it, jest } from '@jest/globals';
import { markImmutable } from '../../common/immutable.js';
import { JsonOutput } from './json-output.js';
import { RememberedJson, type Write } from './remembered-json.js';

describe('remembered JSON', () => {
  const write = jest.fn<Write<object>>((value, out) => out.text(JSON.stringify(value)));
  const ask = (remembered: RememberedJson, value: object) => {
    write.mockClear();
    const out = new JsonOutput();
    remembered.write(value, write, out);
    expect(out.toBytes().toString()).toBe(JSON.stringify(value));
    return write.mock.calls.length === 0 ? 'remembered' : 'written';
  };

  it('is of immutable objects only', () => {
    const remembered = new RememberedJson(100);
    const [fixed, open] = [markImmutable({ a: 1 }), { a: 1 }];
    expect([fixed, open].map((value) => ask(remembered, value))).toEqual(['written', 'written']);
    expect([fixed, open].map((value) => ask(remembered, value))).toEqual(['remembered', 'written']);
  });

  it('is all forgotten when it grows past the limit, and remembered again', () => {
    const remembered = new RememberedJson(20);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => markImmutable({ name })) as [object, object, object]; // 12 bytes each
    expect(ask(remembered, a)).toBe('written');
    expect(ask(remembered, b)).toBe('written');
    expect(ask(remembered, a)).toBe('written');
    expect(ask(remembered, a)).toBe('remembered');
    expect(ask(remembered, c)).toBe('written');
  });

  it('is not of what is larger than the limit', () => {
    const remembered = new RememberedJson(20);
    const [small, large] = [markImmutable({ a: 1 }), markImmutable({ text: 'x'.repeat(20) })];
    expect(ask(remembered, small)).toBe('written');
    expect(ask(remembered, large)).toBe('written');
    expect(ask(remembered, large)).toBe('written');
    expect(ask(remembered, small)).toBe('remembered');
  });
});

describe('JSON output', () => {
  it('keeps the order of text and bytes, however much there is of either', () => {
    const out = new JsonOutput();
    const long = 'ä'.repeat(20_000);
    const bytes = Buffer.from('{"a":1}');
    out.text('[');
    out.bytes(bytes);
    out.text(',');
    out.bytes(bytes);
    out.text(`,"${long}`);
    out.text('"');
    out.text(']');
    expect(out.toBytes().toString()).toBe(`[{"a":1},{"a":1},"${long}"]`);
  });
});
