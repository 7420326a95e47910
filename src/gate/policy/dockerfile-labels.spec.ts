import { describe, expect, it } from '@jest/globals';
import { setsLabelsUnder } from './dockerfile-labels.js';

const sets = (...lines: string[]) => setsLabelsUnder('io.dockmaster.', lines.join('\n'));

describe('labels that instructions set', () => {
  it.each([
    [['LABEL io.dockmaster.owner=admin']],
    [['label IO.Dockmaster.owner=admin']],
    [['LABEL io.dockmaster.owner admin']],
    [['LABEL a=b "io.dockmaster.owner"="admin"']],
    [['LABEL io.dock"master".owner=admin']],
    [["LABEL 'io.dock'master.owner=admin"]],
    [['LABEL io.dock\\master.owner=admin']],
    [['# escape=`', 'LABEL io.dock`master.owner=admin']],
    [['LABEL io.dock\\', 'master.owner=admin']],
    [['LABEL io.dock\\', '# a comment', 'master.owner=admin']],
    [['LABEL io.dock\\', '', 'master.owner=admin']],
    [['LA\\', 'BEL io.dock\\', 'master.owner=admin']],
    [['ENV P=io.dock', 'LABEL ${P}master.owner=admin']],
    [['LABEL a=b $P=admin']],
    [['LABEL $P admin']],
    [['ONBUILD LABEL io.dock"master".owner=admin']],
  ])('are ours, or may be: %j', (lines) => {
    expect(sets(...lines)).toBe(true);
  });

  it.each([
    [['LABEL team=web version="1 2"']],
    [['LABEL version=$VERSION']],
    [['ENV A=$B', 'CMD ["a"]']],
    [['LABEL io.dockmaster=x']],
    [['CMD ["sh", "-c", "echo $HOME=x"]']],
  ])('are not: %j', (lines) => {
    expect(sets(...lines)).toBe(false);
  });

  it.each(['\n', ' ', '\n ', '\\', '\\\n', '#', '\n#', '"', 'label ', 'onbuild '])(
    'are looked for to the end, however often there is %j before',
    (part) => {
      expect(sets(`${part.repeat(500_000)}x`)).toBe(false);
    },
  );
});
