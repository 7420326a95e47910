import { describe, expect, it } from '@jest/globals';
import { LabelIndex } from './label-index.js';
import { testRecord } from './testing/records.js';

const web = testRecord('web', { labels: { team: 'web', tier: 'front' } });
const shop = testRecord('shop', { labels: { team: 'web' } });
const database = testRecord('database', { labels: { team: 'db', tier: '' } });

function index() {
  const labels = new LabelIndex<typeof web>();
  for (const object of [web, shop, database]) labels.add(object);
  return labels;
}

describe('an index of labels', () => {
  it('finds by a label, whatever its value', () => {
    expect(index().get('team')).toEqual(new Set([web, shop, database]));
  });

  it('finds by a label and its value, an empty one too', () => {
    expect(index().get('team', 'web')).toEqual(new Set([web, shop]));
    expect(index().get('tier', '')).toEqual(new Set([database]));
  });

  it('finds nothing for a label or a value that nothing has', () => {
    expect(index().get('stage')).toEqual(new Set());
    expect(index().get('team', 'ops')).toEqual(new Set());
    expect(index().get('constructor')).toEqual(new Set());
  });

  it('forgets what is removed, and only that', () => {
    const labels = index();
    labels.remove(web);
    expect(labels.get('team', 'web')).toEqual(new Set([shop]));
    expect(labels.get('tier')).toEqual(new Set([database]));
    labels.remove(testRecord('stranger', { labels: { team: 'web' } }));
    expect(labels.get('team', 'web')).toEqual(new Set([shop]));
  });
});
