import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { CreateExecInput } from './exec.inputs.js';
import { toExec, toExecBody, toExecStartBody } from './exec.mapper.js';
import { fieldPaths, hasValueAt, without } from './testing/input-paths.js';

const EVERYTHING: CreateExecInput = {
  command: ['ls', '-l'],
  env: ['A=1'],
  user: '1000:1000',
  workingDir: '/srv',
  tty: true,
  attachStdin: true,
  attachStdout: false,
  attachStderr: false,
  privileged: true,
  detachKeys: 'ctrl-q',
  consoleSize: { width: 120, height: 40 },
};

describe('the body of ContainerExec', () => {
  it('has every option where the engine looks for it', () => {
    expect(toExecBody(EVERYTHING, '1.42')).toEqual({
      Cmd: ['ls', '-l'],
      Env: ['A=1'],
      User: '1000:1000',
      WorkingDir: '/srv',
      Tty: true,
      AttachStdin: true,
      AttachStdout: false,
      AttachStderr: false,
      Privileged: true,
      DetachKeys: 'ctrl-q',
      ConsoleSize: [40, 120],
    });
  });

  it.each(fieldPaths(CreateExecInput))('is another without %s', (path) => {
    expect(hasValueAt(EVERYTHING, path)).toBe(true);
    expect(toExecBody(without(EVERYTHING, path), '1.42')).not.toEqual(toExecBody(EVERYTHING, '1.42'));
  });

  it('asks for both outputs and no input, unless told otherwise', () => {
    expect(toExecBody({ command: ['ls'] }, '1.41')).toEqual({
      Cmd: ['ls'],
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
    });
  });

  it('is refused with a size of the terminal before API 1.42', () => {
    expect(() => toExecBody(EVERYTHING, '1.41')).toThrow(expect.objectContaining({ kind: 'not_supported' }));
  });
});

it('the body of ExecStart says to stay, and the size of the terminal', () => {
  expect(toExecStartBody({}, '1.41')).toEqual({ Detach: false });
  expect(toExecStartBody({ consoleSize: { width: 1, height: 2 } }, '1.42')).toEqual({
    Detach: false,
    ConsoleSize: [2, 1],
  });
});

describe('an exec that was inspected', () => {
  const document = {
    ID: 'e1',
    ContainerID: 'c1',
    Running: true,
    ExitCode: null,
    Pid: 42,
    OpenStdin: true,
    ProcessConfig: { entrypoint: 'ls', arguments: ['-l'], tty: true, privileged: false, user: 'root' },
  };

  it('has a process id and no exit code while it runs', () => {
    expect(toExec('local', document)).toEqual({
      engine: 'local',
      id: 'e1',
      containerId: 'c1',
      command: ['ls', '-l'],
      user: 'root',
      tty: true,
      privileged: false,
      openStdin: true,
      running: true,
      pid: 42,
      exitCode: null,
    });
  });

  it('has an exit code and no process id when it has ended', () => {
    expect(toExec('local', { ...document, Running: false, ExitCode: 2 })).toMatchObject({
      running: false,
      pid: null,
      exitCode: 2,
    });
  });

  it('has neither before it is started', () => {
    expect(toExec('local', { ...document, Running: false, Pid: 0 })).toMatchObject({
      running: false,
      pid: null,
      exitCode: null,
    });
  });

  it('is told of also where the engine says nothing', () => {
    expect(toExec('local', {})).toMatchObject({ id: '', command: [], running: false });
  });
});
