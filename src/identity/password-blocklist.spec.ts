import { describe, expect, it } from '@jest/globals';
import { isCommonplace } from './password-blocklist.js';

const NAMES = ['alice-in-wonderland', 'dockmaster'];

describe('a password that everybody would try', () => {
  it.each([
    'passwordpassword',
    'password12345678',
    'Passw0rd-Passw0rd',
    'P@$$w0rd P@$$w0rd 1',
    'adminadminadminadmin',
    '123456789012345',
    '987654321098765',
    '1234567890123456789012345678',
    'qwertyuiopasdfghjkl',
    'qwertzuiopasdfgh',
    'abcdefghijklmnopqrstuvwxyz',
    'zyxwvutsrqponml',
    '1q2w3e4r1q2w3e4r',
    'aaaaaaaaaaaaaaaaaaaa',
    'abababababababab',
    '🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳',
    'letmein letmein 2024',
    'iloveyou forever 99',
    'correcthorsebatterystaple',
    'Dockmaster-2026!',
    'dockmaster password',
    'alice-in-wonderland',
    'alice-in-wonderland!',
    'Alice-In-Wonderland1234',
    'password'.repeat(32),
  ])('is %j', (password) => {
    expect(isCommonplace(password, NAMES)).toBe(true);
  });

  it.each([
    'correct horse battery',
    'a password for tests',
    'another long password',
    'alice-in-wonderland fell down the rabbit hole',
    'my dockmaster is a grumpy seal',
    'tr0ub4dor&3 and then some',
    'hlqxkvsoieurnty',
    '839201746519283',
    'Größenwahn und Kaiserschmarrn',
    'lZ8w2kq0Vb7Xn4cTfR1s',
    'dragon monkey football purple',
    '汉字密码是一个很长的口令哦真的',
  ])('is not %j', (password) => {
    expect(isCommonplace(password, NAMES)).toBe(false);
  });
});
