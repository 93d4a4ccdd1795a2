/** Agents that people know by name, and the hosts of those who make them. */
const knownAgents: readonly {
  readonly agent: string;
  readonly words: readonly string[];
  readonly hosts: readonly string[];
}[] = [
  { agent: 'Claude', words: ['claude', 'anthropic'], hosts: ['claude.ai', 'claude.com', 'anthropic.com'] },
  { agent: 'ChatGPT', words: ['chatgpt', 'openai', 'codex'], hosts: ['openai.com', 'chatgpt.com'] },
  { agent: 'Visual Studio Code', words: ['vscode', 'visualstudiocode'], hosts: ['vscode.dev', 'visualstudio.com'] },
  { agent: 'Copilot', words: ['copilot', 'microsoft', 'github'], hosts: ['github.com', 'microsoft.com'] },
  { agent: 'Cursor', words: ['cursor'], hosts: ['cursor.com', 'cursor.sh'] },
  { agent: 'Gemini', words: ['gemini', 'google'], hosts: ['google.com'] },
  { agent: 'Ingeniux', words: ['ingeniux'], hosts: ['ingeniux.com'] },
];

/**
 * The known agent whose name a client bears although its host, where one is certain, is not that agent's: `undefined`
 * when the name imitates nobody. Only a certain host speaks for a client; names and redirects it chose itself do not.
 */
export function imitatedAgent(name: string, certainHost: string | undefined): string | undefined {
  const letters = skeleton(name);
  const found = knownAgents.find(({ words }) => words.some((word) => letters.includes(skeleton(word))));
  if (found === undefined) return undefined;
  const isTheirs =
    certainHost !== undefined && found.hosts.some((host) => isOrIsBelow(certainHost.toLowerCase(), host));
  return isTheirs ? undefined : found.agent;
}

function isOrIsBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** Letters of other alphabets, digits and signs that pass for Latin letters (Unicode TR 39, what names are made of). */
const lookAlikes: Readonly<Record<string, string>> = {
  a: 'аɑα4@',
  c: 'сϲ',
  d: 'ԁ',
  e: 'еєε3',
  g: 'ɡ',
  h: 'һ',
  j: 'ј',
  k: 'κк',
  l: 'іιıӏⅼ1|!i',
  m: 'м',
  n: 'пո',
  o: 'оοօ0',
  p: 'рρ',
  s: 'ѕ5$',
  t: 'тτ',
  u: 'υս',
  v: 'νѵ',
  x: 'хχ',
  y: 'уγ',
};

const latinOf = new Map(
  Object.entries(lookAlikes).flatMap(([latin, others]) => [...others].map((one) => [one, latin])),
);

/** What is left of a name for the eye: bare letters, those that look alike being the same, `i` and `l` among them. */
function skeleton(name: string): string {
  const letters = [...name.normalize('NFKD').toLowerCase()];
  return letters
    .map((letter) => latinOf.get(letter) ?? letter)
    .join('')
    .replace(/[^a-z]/g, '');
}
