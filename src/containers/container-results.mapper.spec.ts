import { expect, it } from '@jest/globals';
import { toChanges, toProcesses, toWaitResult } from './container-results.mapper.js';

it('a wait tells the exit code, and what went wrong', () => {
  expect(toWaitResult({ StatusCode: 3 })).toEqual({ exitCode: 3, error: null });
  expect(toWaitResult({ StatusCode: 0, Error: null })).toEqual({ exitCode: 0, error: null });
  expect(toWaitResult({ StatusCode: 125, Error: { Message: 'lost it' } })).toEqual({
    exitCode: 125,
    error: 'lost it',
  });
});

it('processes have their values by column', () => {
  const top = { Titles: ['PID', 'CMD'], Processes: [['1', 'sh'], ['7']] };
  expect(toProcesses(top)).toEqual({
    titles: ['PID', 'CMD'],
    processes: [
      { PID: '1', CMD: 'sh' },
      { PID: '7', CMD: '' },
    ],
  });
  expect(toProcesses({ Titles: null, Processes: null })).toEqual({ titles: [], processes: [] });
});

it('changes are named, and none is an empty list', () => {
  const changes = [
    { Path: '/a', Kind: 0 },
    { Path: '/b', Kind: 1 },
    { Path: '/c', Kind: 2 },
  ];
  expect(toChanges(changes).map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    '/a modified',
    '/b added',
    '/c deleted',
  ]);
  expect(toChanges(null)).toEqual([]);
});
