import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { serve } from './server.mjs'

const folder = mkdtempSync(join(tmpdir(), 'inlay-server-'))
/** @type {Awaited<ReturnType<typeof serve>>} */
let server

beforeAll(async () => {
  mkdirSync(join(folder, 'dist'))
  mkdirSync(join(folder, 'cases', 'one'), { recursive: true })
  mkdirSync(join(folder, 'dist', 'assets'))
  writeFileSync(join(folder, 'dist', 'index.html'), '<p>studio</p>')
  for (const name of ['worker-abc.js', 'modelsWorker-abc.js'])
    writeFileSync(join(folder, 'dist', 'assets', name), '')
  writeFileSync(join(folder, 'cases', 'one', 'config.json'), '{}')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'cases', 'link.txt'))
  server = await serve({
    dist: join(folder, 'dist'),
    mounts: { cases: join(folder, 'cases'), picture: join(folder, 'secret.txt') },
  })
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** Sends the path as it is; fetch would tidy up the dots. @param {string} path @param {string} [method] */
const ask = (path, method = 'GET') =>
  new Promise((done, failed) => {
    const { port } = new URL(server.origin)
    request({ host: '127.0.0.1', port, path, method }, (answer) => {
      let text = ''
      answer.on('data', (part) => (text += part))
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }))
    })
      .on('error', failed)
      .end()
  })

test('serves the page, cross-origin isolated', async () => {
  const answer = await ask('/')
  expect(answer).toMatchObject({ status: 200, text: '<p>studio</p>' })
  expect(answer.headers['cross-origin-opener-policy']).toBe('same-origin')
  expect(answer.headers['cross-origin-embedder-policy']).toBe('require-corp')
})

test('page and workers may ask their own origin alone, and evaluate no text', async () => {
  for (const path of ['/', '/index.html', '/assets/worker-abc.js']) {
    const policy = (await ask(path)).headers['content-security-policy']
    expect(policy, path).toContain("connect-src 'self';")
    expect(policy, path).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy, path).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/)
  }
})

test('the worker that downloads what was typed may ask others, and run no more than the rest', async () => {
  const policy = (await ask('/assets/modelsWorker-abc.js')).headers['content-security-policy']
  expect(policy).toContain("connect-src 'self' https:")
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
})

test('serves given folders and single files', async () => {
  expect(await ask('/files/cases/one/config.json')).toMatchObject({ status: 200, text: '{}' })
  expect(await ask('/files/picture')).toMatchObject({ status: 200, text: 'secret' })
})

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/files/cases/../../secret.txt',
  '/files/cases/..%2fsecret.txt',
  '/files/cases/link.txt',
  '/files/other/secret.txt',
  '/files/__proto__/secret.txt',
  '/files/cases/one',
  '/%zz',
])('nothing else can be read: %s', async (path) => {
  const answer = await ask(path)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.text).not.toContain('secret')
})

test('nothing can be written', async () => {
  expect((await ask('/files/cases/new.txt', 'PUT')).status).toBe(405)
})
