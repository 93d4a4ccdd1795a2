import { describe, expect, it } from 'vitest';
import { imitatedAgent } from '../../../src/domain/policy/imitated-agent.ts';
import { redirectTarget } from '../../../src/domain/policy/redirect-target.ts';

describe('imitated agents', () => {
  it.each([
    'Claude',
    'claude code',
    'C l a u d e',
    'Cl\u200Baude',
    'Сlаudе',
    'C1aude',
    'Cl4ude',
    'CIaude',
    '𝐂𝐥𝐚𝐮𝐝𝐞',
    'Ｃｌａｕｄｅ',
    'Cláudé',
    'My Anthropic helper',
  ])('%s claims to be Claude', (name) => {
    expect(imitatedAgent(name, undefined)).toBe('Claude');
    expect(imitatedAgent(name, 'evil.example')).toBe('Claude');
    expect(imitatedAgent(name, 'claude.ai.evil.example')).toBe('Claude');
    expect(imitatedAgent(name, 'notclaude.ai')).toBe('Claude');
    expect(imitatedAgent(name, 'claude.ai')).toBeUndefined();
    expect(imitatedAgent(name, 'API.Claude.ai')).toBeUndefined();
  });

  it.each(['', 'Harbor Editor', 'Cloud', 'Coder', '漢字'])('%j claims to be nobody', (name) => {
    expect(imitatedAgent(name, undefined)).toBeUndefined();
  });

  it('knows others as well', () => {
    expect(imitatedAgent('VS Code', undefined)).toBe('Visual Studio Code');
    expect(imitatedAgent('VS Code', 'vscode.dev')).toBeUndefined();
    expect(imitatedAgent('Ingeniux CMS', 'claude.ai')).toBe('Ingeniux');
  });
});

describe('redirect targets', () => {
  it.each([
    ['https://claude.ai/cb', { kind: 'web', host: 'claude.ai' }],
    ['https://a.example:8443/', { kind: 'web', host: 'a.example:8443' }],
    ['http://127.0.0.1:5000/cb', { kind: 'this-machine', host: '127.0.0.1:5000' }],
    ['http://localhost/cb', { kind: 'this-machine', host: 'localhost' }],
    ['http://[::1]:1/', { kind: 'this-machine', host: '[::1]:1' }],
    ['https://localhost.evil.example/', { kind: 'web', host: 'localhost.evil.example' }],
    ['https://127.0.0.1.evil.example/', { kind: 'web', host: '127.0.0.1.evil.example' }],
    ['cursor://anysphere/cb', { kind: 'app', scheme: 'cursor' }],
    ['com.example.app:/cb', { kind: 'app', scheme: 'com.example.app' }],
    ['no url', undefined],
  ])('%s', (uri, target) => {
    expect(redirectTarget(uri)).toEqual(target);
  });
});
