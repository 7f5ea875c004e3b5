// Licences of what ships: every package that the studio depends on at run time, as the lock file has them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Plugin } from 'vite'

/** A package of the lock file, as far as it is read. */
interface Locked {
  version?: string
  dev?: boolean
  optional?: boolean
  peer?: boolean
}

const BSD_2 = `Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
disclaimer in the documentation and/or other materials provided with the distribution.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL,
EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF
USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT
LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED
OF THE POSSIBILITY OF SUCH DAMAGE.`

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to
whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

const ISC = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS
SOFTWARE.`

const BSD_3 = BSD_2.replace(
  '\n\nTHIS SOFTWARE',
  `

3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products
derived from this software without specific prior written permission.

THIS SOFTWARE`,
)

/** Texts that packages name and leave out. @param root the repository's folder, whose own licence is Apache-2.0 */
const textsOf = (root: string): Readonly<Record<string, string>> => {
  const apache = readFileSync(join(root, 'LICENSE'), 'utf8').trim()
  return { MIT, ISC, 'Apache-2.0': apache, '(Apache-2.0 AND BSD-3-Clause)': `${BSD_3}\n\n${apache}` }
}

/** Whose copyright that is, where it is not the author's whom the package names. */
const HOLDERS: Readonly<Record<string, string>> = {
  '@bufbuild/protobuf': '2008 Google Inc., 2021-2026 Buf Technologies, Inc.',
  'onnxruntime-common': 'Microsoft Corporation',
  'onnxruntime-web': 'Microsoft Corporation',
}

/** What is compiled into the packages' wasm, whose licences lie in no package. */
const WITHIN = [
  `libavif, in the wasm of @jsquash/avif
https://github.com/AOMediaCodec/libavif

Copyright 2019 Joe Drago. All rights reserved.

${BSD_2}`,
  `libaom, in the wasm of @jsquash/avif
https://aomedia.googlesource.com/aom (with the Alliance for Open Media Patent License 1.0)

Copyright (c) 2016, Alliance for Open Media. All rights reserved.

${BSD_2}`,
]

/** Its package does not have the notices of what is compiled into its wasm. @param version that is installed */
const withinRuntime = (version: string): string => `Libraries in the wasm of onnxruntime-web
Its authors list them with their licences, for this version:
https://github.com/microsoft/onnxruntime/blob/v${version}/ThirdPartyNotices.txt`

/** Types alone, which others name as peers: nothing of them ships. */
const TYPES = /^node_modules\/(@types\/.*|csstype|undici-types|typescript)$/

/** Folders of the packages that are installed for use, not for building; sorted. */
export const shippedPackages = (lock: { packages: Record<string, Locked> }): string[] =>
  Object.entries(lock.packages)
    .filter(
      ([path, { dev, optional, peer }]) => path !== '' && !TYPES.test(path) && !dev && !optional && !peer,
    )
    .map(([path]) => path)
    .sort()

const LICENCE = /^(licen[cs]e|notice|third-?party-?notices)([.-]|$)/i

/** What is read of a package's own description. */
interface Described {
  name: string
  version: string
  license?: string
  homepage?: string
  author?: string | { name?: string }
}

/** @param folder of an installed package @throws where neither the package nor `known` has the text of its licence */
function noticeOf(folder: string, known: Readonly<Record<string, string>>): string {
  const described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Described
  const { name, version, license, homepage } = described
  const texts = readdirSync(folder)
    .filter((file) => LICENCE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const text = known[license ?? '']
  if (texts.length === 0 && text) texts.push(`${holderOf(described)}\n\n${text}`)
  if (texts.length === 0)
    throw new Error(`the text of ${name}'s licence (${license ?? 'none named'}) is not known`)
  const head = [`${name} ${version}`, `Licence: ${license ?? 'see below'}`, ...(homepage ? [homepage] : [])]
  return [...head, '', ...texts].join('\n').trim()
}

function holderOf({ name, author }: Described): string {
  const named = typeof author === 'string' ? author : author?.name
  return `Copyright (c) ${HOLDERS[name] ?? (named || `the authors of ${name}`)}`
}

/** The notices as one text. @param root the repository's folder */
export function noticesOf(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const known = textsOf(root)
  const samples = readFileSync(join(root, 'public/samples/CREDITS.md'), 'utf8').trim()
  const head =
    'Inlay ships with software and pictures of others, whose licences follow. Its own licence is Apache-2.0.'
  const line = `\n\n${'-'.repeat(80)}\n\n`
  return (
    [
      head,
      ...shippedPackages(lock).map((path) => noticeOf(join(root, path), known)),
      ...WITHIN,
      withinRuntime(lock.packages['node_modules/onnxruntime-web'].version ?? ''),
      samples,
    ].join(line) + '\n'
  )
}

const FILE = 'THIRD-PARTY-NOTICES.txt'

/** Has them beside the studio. */
export const thirdPartyNotices = (root: string): Plugin => ({
  name: 'third-party-notices',
  configureServer({ middlewares }) {
    middlewares.use(`/${FILE}`, (_, response) => {
      response.setHeader('Content-Type', 'text/plain; charset=utf-8')
      response.end(noticesOf(root))
    })
  },
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: FILE, source: noticesOf(root) })
  },
})
