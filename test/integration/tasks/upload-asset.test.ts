import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploads } from '../../../src/adapters/inbound/http/uploads.ts';
import { createRunTask } from '../../../src/application/pipeline/run-task.ts';
import { uploadAsset } from '../../../src/application/tasks/assets/upload-asset.ts';
import { keptUploadBytesMax } from '../../../src/application/uploads/kept-uploads.ts';
import { redeemTicket } from '../../../src/application/uploads/tickets.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('upload_asset', () => {
  let harness: TaskHarness;
  let door: Server;
  let folder: { readonly id: string; readonly name: string };
  beforeAll(async () => {
    harness = await openTaskHarness({
      fetcher: {
        fetch: async (url) => {
          if (!url.startsWith('https://files.example.edu/')) throw new DomainError('FORBIDDEN', 'Not allowed.');
          return new TextEncoder().encode('from afar');
        },
      },
    });
    const { records, digest, uploadDoor } = harness.runtime().ports;
    const app = express().use(
      uploads({
        redeem: (secret) => redeemTicket(secret, { records, digest }),
        runTask: createRunTask(harness.runtime()),
        requestIdOf: () => 'req_test',
        ports: { records, digest, uploadDoor },
        bodyTimeoutMs: 5_000,
      }),
    );
    door = createServer(app);
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const root = Object.values(harness.state.assetFolders).find(({ name }) => name === 'Documents');
    if (root === undefined) throw new Error('The sandbox has no folder for documents.');
    folder = { id: root.id, name: root.name };
  });
  afterAll(async () => {
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
    await harness.close();
  });

  const bytesOf = (id: string | undefined) => {
    const asset = harness.state.assets[id ?? ''];
    return (asset?.checkedOut ?? asset?.versions.at(-1))?.file?.byteSize;
  };

  it('stores a small text file and reads it back', async () => {
    const answer = await harness.run(uploadAsset, { folder: folder.id, file_name: 'notes.pdf', text: 'Grüße' });
    expect(answer).toMatchObject({ state: 'stored', bytes: 7, asset: { name: 'notes.pdf', kind: 'asset' } });
    expect(bytesOf(answer.asset?.id)).toBe(7);
    expect(harness.events).toContainEqual(
      expect.objectContaining({ type: 'content_changed', itemIds: [folder.id, answer.asset?.id], change: 'structure' }),
    );
  });

  it('asks when the name is taken, and replaces when told to', async () => {
    const given = { folder: folder.id, file_name: 'twice.pdf', text: 'one' };
    const first = await harness.run(uploadAsset, given);
    const id = first.asset?.id ?? '';
    const count = Object.keys(harness.state.assets).length;
    const question = await harness.run(uploadAsset, { ...given, text: 'other' });
    expect(question).toMatchObject({ state: 'question', question: { about: 'name', choices: [{ id }] } });
    const replaced = await harness.run(uploadAsset, { file_name: 'twice.pdf', text: 'longer text', replace: id });
    expect(replaced).toMatchObject({ state: 'stored', replaced: true, asset: { id } });
    expect(bytesOf(id)).toBe(11);
    expect(Object.keys(harness.state.assets)).toHaveLength(count);
  });

  it('asks which content type to take when several fit', async () => {
    const [schema, other] = harness.state.schemas.filter(({ kind }) => kind === 'asset');
    const fitting = harness.state.schemas.find(
      ({ kind, extensions }) => kind === 'asset' && extensions.includes('pdf'),
    );
    const second = fitting === schema ? other : schema;
    if (fitting === undefined || second === undefined) throw new Error('The sandbox has too few asset schemas.');
    second.extensions.push('pdf');
    try {
      const given = { folder: folder.id, file_name: 'choice.pdf', text: 'x' };
      const question = await harness.run(uploadAsset, given);
      expect(question).toMatchObject({ state: 'question', question: { about: 'schema' } });
      expect(question.question?.choices.map(({ id }) => id).toSorted()).toEqual([fitting.id, second.id].toSorted());
      const stored = await harness.run(uploadAsset, { ...given, schema: fitting.id });
      expect(stored).toMatchObject({ state: 'stored', asset: { name: 'choice.pdf' } });
      expect(harness.state.assets[stored.asset?.id ?? '']?.schemaId).toBe(fitting.id);
    } finally {
      second.extensions.pop();
    }
  });

  it('makes missing folders, but none in a dry run', async () => {
    const path = `${folder.name}/Campaign 2027/Banners`;
    const before = Object.keys(harness.state.assetFolders).length;
    const planned = await harness.run(uploadAsset, { folder: path, file_name: 'a.pdf', text: 'x', dry_run: true });
    expect(planned).toMatchObject({ state: 'planned', folders_made: ['Campaign 2027', 'Banners'] });
    expect(Object.keys(harness.state.assetFolders)).toHaveLength(before);
    const stored = await harness.run(uploadAsset, { folder: path, file_name: 'a.pdf', text: 'x' });
    expect(stored).toMatchObject({ state: 'stored', folders_made: ['Campaign 2027', 'Banners'] });
    expect(Object.keys(harness.state.assetFolders)).toHaveLength(before + 2);
    const again = await harness.run(uploadAsset, { folder: path, file_name: 'b.pdf', text: 'x' });
    expect(again).not.toHaveProperty('folders_made');
  });

  it('imports from an allowed address only, and leaves no folder behind when refused', async () => {
    const source_url = 'https://files.example.edu/a.pdf';
    const answer = await harness.run(uploadAsset, { folder: folder.id, file_name: 'afar.pdf', source_url });
    expect(answer).toMatchObject({ state: 'stored', bytes: 9 });
    const before = Object.keys(harness.state.assetFolders).length;
    const refused = await harness.refusal(uploadAsset, {
      folder: `${folder.name}/Nowhere`,
      file_name: 'a.pdf',
      source_url: 'http://169.254.169.254/latest',
    });
    expect(refused.code).toBe('FORBIDDEN');
    expect(Object.keys(harness.state.assetFolders)).toHaveLength(before);
  });

  it('gives an upload address that works once, for the one who asked', async () => {
    const closed = await harness.refusal(uploadAsset, { folder: folder.id, file_name: 'photo.pdf' });
    expect(closed.code).toBe('CAPABILITY_MISSING');
    // A server that listens on a port has an address of this form.
    const base = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
    harness.uploadDoor.open(base);
    const answer = await harness.run(uploadAsset, { folder: folder.id, file_name: 'photo.pdf' });
    expect(answer).toMatchObject({ state: 'waiting', upload: { method: 'PUT' } });
    const url = answer.upload?.url ?? '';
    expect(url).toMatch(/\/uploads\/up_[\w-]{40,}$/);
    const put = (to: string, body: string) => fetch(to, { method: 'PUT', body });
    const first = await put(url, 'the bytes');
    expect(first.status).toBe(201);
    // The door answers JSON of this form.
    const stored = (await first.json()) as { asset?: { id?: string } };
    expect(stored).toMatchObject({ state: 'stored', bytes: 9, asset: { name: 'photo.pdf' } });
    expect(bytesOf(stored.asset?.id)).toBe(9);
    expect((await put(url, 'again')).status).toBe(404);
    expect((await put(`${base}/uploads/up_${'a'.repeat(43)}`, 'guess')).status).toBe(404);
    expect((await fetch(url)).status).toBe(404);
  });

  it('uses an address up even by a body that is refused, and tells a question as 409', async () => {
    const ask = async (file_name: string) =>
      (await harness.run(uploadAsset, { folder: folder.id, file_name })).upload?.url ?? '';
    const empty = await ask('empty.pdf');
    expect((await fetch(empty, { method: 'PUT', body: '' })).status).toBe(400);
    expect((await fetch(empty, { method: 'PUT', body: 'now' })).status).toBe(404);
    const [one, two] = [await ask('race.pdf'), await ask('race.pdf')];
    expect((await fetch(one, { method: 'PUT', body: 'first' })).status).toBe(201);
    const late = await fetch(two, { method: 'PUT', body: 'second' });
    expect([late.status, await late.json()]).toMatchObject([409, { state: 'question', question: { about: 'name' } }]);
  });

  /** What the door answers to a file that could not be stored. */
  interface Told {
    readonly state?: string;
    readonly hint?: string;
    readonly next?: { readonly tool: string; readonly input: Record<string, string> };
    readonly error?: { readonly code: string; readonly message: string; readonly next?: Told['next'] };
  }
  const bring = async (file_name: string, body: string | Uint8Array<ArrayBuffer>) => {
    harness.uploadDoor.open(`http://127.0.0.1:${(door.address() as AddressInfo).port}`);
    const { upload } = await harness.run(uploadAsset, { folder: folder.id, file_name });
    return {
      url: upload?.url ?? '',
      put: async () => {
        const response = await fetch(upload?.url ?? '', { method: 'PUT', body });
        // The door answers JSON of one of these forms.
        return { status: response.status, told: (await response.json()) as Told };
      },
    };
  };
  const idOf = (name: string) =>
    Object.values(harness.state.assets).find(({ checkedOut, versions }) =>
      [checkedOut, ...versions].some((version) => version?.name === name),
    )?.id ?? '';

  it('keeps a file whose name was taken meanwhile: the answer is one call, without the bytes', async () => {
    const [first, second] = [await bring('kept.pdf', 'first'), await bring('kept.pdf', 'the second')];
    expect((await first.put()).status).toBe(201);
    const { status, told } = await second.put();
    expect(status).toBe(409);
    expect(told.hint).toMatch(
      /upload_asset.*"replace": "a\/\d+".*another "file_name".*15 minutes: do not send it again/,
    );
    const next = told.next?.input ?? {};
    expect(next).toEqual({ folder: folder.id, file_name: 'kept.pdf', source_url: second.url });
    const foreign = await harness.refusal(uploadAsset, { ...next, file_name: 'stolen.pdf' } as never, {
      role: 'publisher',
    });
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('send the file again') });
    const replaced = await harness.run(uploadAsset, { ...next, replace: idOf('kept.pdf') } as never);
    expect(replaced).toMatchObject({ state: 'stored', replaced: true, bytes: 10 });
    expect(await harness.run(uploadAsset, { ...next, file_name: 'kept-2.pdf' } as never)).toMatchObject({
      state: 'stored',
      bytes: 10,
    });
    const unknown = await harness.refusal(uploadAsset, {
      ...next,
      file_name: 'kept-3.pdf',
      source_url: first.url,
    } as never);
    expect(unknown.code).toBe('NOT_FOUND');
  });

  it('keeps a file whose content type has to be chosen', async () => {
    const schemas = harness.state.schemas.filter(({ kind }) => kind === 'asset');
    const fitting = schemas.find(({ extensions }) => extensions.includes('pdf'));
    const second = schemas.find((schema) => schema !== fitting);
    if (fitting === undefined || second === undefined) throw new Error('The sandbox has too few asset schemas.');
    second.extensions.push('pdf');
    try {
      const { status, told } = await (await bring('typed.pdf', 'typed')).put();
      expect([status, told]).toMatchObject([
        409,
        { question: { about: 'schema' }, hint: expect.stringContaining('"schema"') },
      ]);
      const stored = await harness.run(uploadAsset, { ...told.next?.input, schema: fitting.id } as never);
      expect(stored).toMatchObject({ state: 'stored', bytes: 5, asset: { name: 'typed.pdf' } });
    } finally {
      second.extensions.pop();
    }
  });

  it('says that a large file is to be sent again, and keeps a small one while the CMS is away', async () => {
    const large = await bring('large.pdf', new Uint8Array(keptUploadBytesMax + 1));
    expect(await harness.run(uploadAsset, { folder: folder.id, file_name: 'large.pdf', text: 'x' })).toMatchObject({
      state: 'stored',
    });
    const { told } = await large.put();
    expect(told.hint).toContain('send it again, to the address that upload_asset answers');
    expect(told.next).toEqual({ tool: 'upload_asset', input: { folder: folder.id, file_name: 'large.pdf' } });
    const small = await bring('patient.pdf', 'patient');
    harness.sandbox.faults.add({ kind: 'status', code: 503 });
    const refused = await small.put();
    harness.sandbox.faults.clear();
    expect(refused).toMatchObject({ status: 503, told: { error: { code: 'CMS_UNAVAILABLE' } } });
    expect(refused.told.error?.message).toContain('do not send it again');
    const stored = await harness.run(uploadAsset, refused.told.error?.next?.input as never);
    expect(stored).toMatchObject({ state: 'stored', bytes: 7 });
    const empty = await (await bring('empty-2.pdf', '')).put();
    expect(empty.told.error).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('This address is used up'),
      next: { tool: 'upload_asset' },
    });
  });

  it('says what is too large before reading it', async () => {
    const answer = await harness.run(uploadAsset, { folder: folder.id, file_name: 'huge.pdf' });
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
    });
    const refused = await fetch(answer.upload?.url ?? '', {
      method: 'PUT',
      body,
      duplex: 'half',
    } as RequestInit).catch(() => undefined);
    // Where the client still writes when the answer comes, it may see a broken connection in its place.
    if (refused !== undefined) expect(refused.status).toBe(413);
    expect(
      Object.values(harness.state.assets).some(({ versions, checkedOut }) =>
        [checkedOut, ...versions].some((version) => version?.name === 'huge.pdf'),
      ),
    ).toBe(false);
  });

  it('refuses what makes no sense', async () => {
    const cases = [
      [{ file_name: 'a.pdf', text: 'x' }, 'BAD_INPUT'],
      [{ folder: folder.id, file_name: '../a.pdf', text: 'x' }, 'BAD_INPUT'],
      [{ folder: folder.id, file_name: 'noextension', text: 'x' }, 'BAD_INPUT'],
      [{ folder: folder.id, file_name: 'a.pdf', text: 'x', source_url: 'https://files.example.edu/a' }, 'BAD_INPUT'],
      [{ folder: 'No Such Root/x', file_name: 'a.pdf', text: 'x' }, 'NOT_FOUND'],
      [{ folder: folder.id, file_name: 'a.pdf', text: 'x', replace: harness.landmarks.tuitionPage }, 'BAD_INPUT'],
      [{ folder: folder.id, file_name: 'a.zzz', text: 'x' }, 'CMS_REFUSED'],
    ] as const;
    for (const [input, code] of cases) {
      expect([input, (await harness.refusal(uploadAsset, input)).code]).toEqual([input, code]);
    }
    const refused = await harness.refusal(uploadAsset, { folder: folder.id, file_name: 'a.zzz', text: 'x' });
    expect(refused.message).toContain('Nothing was stored. Another type');
    const viewer = await harness.refusal(
      uploadAsset,
      { folder: folder.id, file_name: 'v.pdf', text: 'x' },
      { role: 'viewer' },
    );
    expect(viewer.code).toBe('FORBIDDEN');
  });
});
