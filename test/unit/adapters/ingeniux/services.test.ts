import { describe, expect, it } from 'vitest';
import { parsePageXml } from '../../../../src/adapters/outbound/ingeniux/services/page-xml.ts';
import { readAnswer } from '../../../../src/adapters/outbound/ingeniux/services/read-answer.ts';
import { planSave } from '../../../../src/adapters/outbound/ingeniux/services/save-tree.ts';
import type { Field } from '../../../../src/domain/model/content-item.ts';
import { makeField } from '../../../support/builders/make-field.ts';

const reply = (status: number, body: unknown, contentType = 'application/json') => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, reason: '', headers: { 'content-type': contentType }, text, bytes: Buffer.from(text) };
};

describe('readAnswer', () => {
  it.each<[string, ReturnType<typeof reply>, object]>([
    ['an envelope', reply(200, { code: 0, error: null, message: { a: 1 } }), { kind: 'done', message: { a: 1 } }],
    [
      'an envelope with escaped slashes',
      reply(200, '{"code":0,"error":null,"message":"a\\/5"}'),
      { kind: 'done', message: 'a/5' },
    ],
    ['a lone d around it', reply(200, { d: { code: 0, error: null, message: 7 } }), { kind: 'done', message: 7 }],
    ['a bare message', reply(200, { pageAction: 'Propagate' }), { kind: 'done' }],
    [
      'a refusal with a text',
      reply(200, { code: 3, error: 'No.\r\n   at X', message: null }),
      { kind: 'refused', reason: 'No.' },
    ],
    [
      'a refusal with an object',
      reply(500, { code: -1, error: { Message: 'No.' } }),
      { kind: 'refused', reason: 'No.' },
    ],
    [
      'a framework exception',
      reply(500, { Message: 'An error', ExceptionMessage: 'No.' }),
      { kind: 'refused', reason: 'No.' },
    ],
    [
      'a page that failed among several',
      reply(200, { code: 0, message: { pages: [{ id: 'x1', props: { error: 'No.' } }] } }),
      { kind: 'refused', reason: 'No.' },
    ],
    [
      'pages without failure',
      reply(200, { code: 0, message: { pages: [{ id: 'x1', props: null }], pageProperties: null } }),
      { kind: 'done' },
    ],
    ['an unknown method', reply(404, '<p>Endpoint not found.</p>', 'text/html'), { kind: 'absent' }],
    ['the wrong verb', reply(405, ''), { kind: 'wrong_verb' }],
    ['a redirect to a login', reply(302, ''), { kind: 'signed_out' }],
    ['a login page', reply(200, '<form>', 'text/html'), { kind: 'signed_out' }],
    ['no answer at all', reply(200, 'null'), { kind: 'unclear' }],
    ['broken JSON', reply(200, '{"code":'), { kind: 'unclear' }],
  ])('understands %s', (_title, given, meaning) => {
    expect(readAnswer(given)).toMatchObject(meaning);
  });
});

describe('parsePageXml', () => {
  it('reads elements, attributes, text, CDATA and entities', () => {
    const root = parsePageXml(
      `<?xml version="1.0"?><!-- x --><Page Name="A &amp; B"><T a='1' b="&lt;&#65;&#x42;">x &lt; y</T>\n <C><![CDATA[<p>&amp;</p>]]></C><E /></Page>`,
    );
    expect(root).toMatchObject({ name: 'Page', attributes: { Name: 'A & B' }, text: '' });
    expect(root.children).toMatchObject([
      { name: 'T', attributes: { a: '1', b: '<AB' }, text: 'x < y' },
      { name: 'C', text: '<p>&amp;</p>' },
      { name: 'E', text: '', children: [] },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['two roots', '<A/><B/>'],
    ['an open element', '<A><B></A>'],
    ['a stray end', '<A></A></B>'],
    ['a doctype', '<!DOCTYPE A [<!ENTITY x "y">]><A/>'],
    ['too deep a nest', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`],
  ])('refuses %s', (_title, source) => {
    expect(() => parsePageXml(source)).toThrow(/cannot be read/);
  });
});

describe('planSave', () => {
  const xml = (inner: string) => parsePageXml(`<Event Name="Fair">${inner}</Event>`);
  const title = makeField('Title', 'Old');
  const titleXml = '<Title type="string" UID="u1" label="Title">Old</Title>';
  const image = (value: string): Field => makeField('Image', value, { type: 'IGX_IMAGE' });
  const save = (
    inner: string,
    before: readonly Field[],
    wanted: readonly Field[],
    examples: Parameters<typeof planSave>[2] = [],
  ) => planSave({ fields: before, xml: xml(inner) }, wanted, examples);

  it('sends the whole tree with every attribute as it was, but the id among them', () => {
    const { pageData, partial } = save(titleXml, [title], [{ ...title, value: 'New' }]);
    expect(pageData).toMatchObject({
      nodeName: 'Event',
      selectedVersion: 0,
      attributes: [{ Key: 'Name', Value: 'Fair' }],
    });
    expect(pageData.childElements).toEqual([
      {
        nodeName: 'Title',
        nodeValue: 'New',
        nodePosition: 0,
        attributes: [
          { Key: 'type', Value: 'string' },
          { Key: 'label', Value: 'Title' },
        ],
        deletedAttributes: [],
        childElements: [],
        metaData: { deleted: false, insertPosition: null },
        uniqueId: 'u1',
      },
    ]);
    expect(partial).toEqual([{ uids: ['u1'], value: 'New' }]);
  });

  it('writes a reference into the attribute that holds it now', () => {
    const inner = '<xPower Type="Image" Name="Image" UID="u2" Src="a/1" />';
    const { pageData, partial } = save(inner, [image('a/1')], [image('a/2')]);
    expect(pageData.childElements[0]?.attributes).toContainEqual({ Key: 'Src', Value: 'a/2' });
    expect(pageData.childElements[0]).not.toHaveProperty('nodeValue');
    expect(partial).toBeUndefined();
  });

  it('learns the attribute of an empty reference from another version, and refuses to guess it', () => {
    const inner = '<xPower Type="Image" Name="Image" UID="u2" />';
    const older = { fields: [image('a/1')], xml: xml('<xPower Type="Image" Name="Image" UID="u2" Src="a/1" />') };
    const { pageData } = save(inner, [image('')], [image('a/2')], [older]);
    expect(pageData.childElements[0]?.attributes).toContainEqual({ Key: 'Src', Value: 'a/2' });
    expect(() => save(inner, [image('')], [image('a/2')])).toThrow(/not documented/);
  });

  it.each([
    ['presentations', `${titleXml}<IGX_Presentations><P/></IGX_Presentations>`, [title]],
    ['elements that do not fit the fields', '<Other UID="u1">Old</Other>', [title]],
    ['elements without an id', '<Title>Old</Title>', [title]],
    [
      'an embedded component',
      '<xPower Type="Component" Name="Card" UID="u3" Component="x4"><Card/></xPower>',
      [makeField('Card', 'x4', { type: 'IGX_COMPONENT' })],
    ],
  ])('refuses a page with %s', (_title, inner, fields) => {
    expect(() => save(inner, fields, fields)).toThrow(expect.objectContaining({ code: 'CAPABILITY_MISSING' }));
  });
});
