import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** The project's root folder. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** One module of the source tree with what it imports: type imports, re-exports and dynamic imports included. */
export interface SourceModule {
  /** Relative to the project root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** Reads every TypeScript file below the folders. */
export function readModules(...folders: string[]): readonly SourceModule[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: projectRoot }))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(projectRoot, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

/** A relative import as a path from the root; others as they are written. */
export function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(projectRoot, join(projectRoot, dirname(from), specifier)).replaceAll('\\', '/');
}

/** `@scope/name/deep/path` → `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function importsOf(path: string, text: string): readonly string[] {
  const { module } = parseSync(path, text);
  const dynamic = module.dynamicImports.map((found) =>
    text.slice(found.moduleRequest.start, found.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
  );
  const reExports = module.staticExports.flatMap((statement) =>
    statement.entries.flatMap((entry) => (entry.moduleRequest ? [entry.moduleRequest.value] : [])),
  );
  return [
    ...new Set([...module.staticImports.map((found) => found.moduleRequest.value), ...dynamic, ...reExports]),
  ].map((specifier) => resolveImport(path, specifier));
}
