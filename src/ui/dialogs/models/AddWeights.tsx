import { FileUp, FolderUp, Link, LoaderCircle } from 'lucide-react'
import { useRef, useState, type FormEvent, type ReactNode } from 'react'

import type { LoraRole } from '@/schema/pack'
import { Segmented } from '@/ui/controls/Segmented'
import { LORA_ROLES, roleWords } from '@/families/registry'
import { useModels, useStudio } from '@/ui/studio'
import type { Precision } from '@/families/family'
import { shorten } from '@/base/names'
import { say, sayText, type Message } from '@/words/say'

export const PRECISIONS = [
  { value: 'q4', label: '4-bit' },
  { value: 'q8', label: '8-bit' },
  { value: 'f16', label: '16-bit' },
] as const satisfies { value: Precision; label: Message }[]

/** Where weights come in: dropped, picked, or from an address. */
export function AddWeights({ over }: { over: boolean }): ReactNode {
  const { weights } = useStudio()
  const inspecting = useModels((state) => state.inspecting)
  const [typing, setTyping] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    void weights.inspect([...(input.files ?? [])])
    // The same files can be chosen again after something went wrong with them.
    input.value = ''
  }
  return (
    <section
      className={over ? 'models-add over' : 'models-add'}
      data-testid="models-drop"
      aria-label={say('Add weights')}
    >
      <p>
        <strong>
          {over
            ? say('Drop them here|weights')
            : inspecting
              ? say('Reading what that is …|weights')
              : say('Drop weights anywhere here')}
        </strong>
        <span className="hint">
          {say(
            'safetensors files or folders, tokenizer.json, networks that cut out as ONNX. They are converted once and kept in this browser; nothing is uploaded.',
          )}
        </span>
      </p>
      <div className="row">
        <button type="button" className="button" data-first-focus onClick={() => files.current?.click()}>
          {inspecting ? <LoaderCircle aria-hidden="true" className="spin" /> : <FileUp aria-hidden="true" />}{' '}
          {say('Files')}
        </button>
        <button type="button" className="button" onClick={() => folder.current?.click()}>
          <FolderUp aria-hidden="true" /> {say('Folder')}
        </button>
        <button
          type="button"
          className="button"
          aria-expanded={typing}
          onClick={() => setTyping((shown) => !shown)}
        >
          <Link aria-hidden="true" /> {say('Address')}
        </button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-testid="models-files"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        {...{ webkitdirectory: '' }}
        onChange={(event) => take(event.currentTarget)}
      />
      {typing && <AddressForm onDone={() => setTyping(false)} />}
    </section>
  )
}

/** Checks what was typed; the words say what is wrong with it. */
function addressProblem(url: string, sha256: string): string | null {
  if (!URL.canParse(url)) return say('This is no complete address. It begins with https://')
  const { protocol, hostname } = new URL(url)
  const local = hostname === 'localhost' || hostname === '127.0.0.1'
  if (protocol !== 'https:' && !(protocol === 'http:' && local))
    return say('Only https addresses are asked, or http on this machine.')
  if (sha256 !== '' && !/^[0-9a-f]{64}$/i.test(sha256)) return say('A sha256 has 64 hexadecimal digits.')
  return null
}

function AddressForm({ onDone }: { onDone(): void }): ReactNode {
  const { weights } = useStudio()
  const [url, setUrl] = useState('')
  const [sha256, setSha256] = useState('')
  const [name, setName] = useState('')
  const [precision, setPrecision] = useState<Precision>('q4')
  const [role, setRole] = useState<LoraRole | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wrong = addressProblem(url.trim(), sha256.trim())
    setProblem(wrong)
    if (wrong) return
    const file = new URL(url.trim()).pathname.split('/').at(-1) ?? ''
    const given = name.trim() || decodeURIComponent(file).replace(/\.\w+$/, '') || say('Model')
    weights.startImport(
      { kind: 'address', url: url.trim(), sha256: sha256.trim().toLowerCase() || null },
      { name: shorten(given, 200), precision, role },
    )
    onDone()
  }

  return (
    <form className="address-form" noValidate onSubmit={submit}>
      <label className="control">
        <span className="label">{say('Address of one file')}</span>
        <input
          className="field"
          type="url"
          autoFocus
          placeholder="https://…/flux1-dev.safetensors"
          value={url}
          aria-invalid={problem !== null}
          onChange={(event) => setUrl(event.target.value)}
        />
      </label>
      <div className="grid-2">
        <label className="control">
          <span className="label">{say('Name')}</span>
          <input
            className="field"
            maxLength={200}
            placeholder={say('from the file')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label className="control">
          <span className="label">{say('sha256, if you know it')}</span>
          <input
            className="field"
            spellCheck={false}
            value={sha256}
            onChange={(event) => setSha256(event.target.value)}
          />
        </label>
      </div>
      <div className="grid-2">
        <Segmented
          label={say('Keep large weights as')}
          value={precision}
          choices={PRECISIONS.map(({ value, label }) => ({ value, label: say(label) }))}
          onChange={(value) => setPrecision(value)}
        />
        <label className="control">
          <span className="label">{say('If it is a LoRA, it is for')}</span>
          <select
            className="field"
            value={role ?? ''}
            onChange={(event) => setRole((event.target.value || null) as LoraRole | null)}
          >
            <option value="">{say('found from its tensors')}</option>
            {LORA_ROLES.map((one) => (
              <option key={one} value={one}>
                {sayText(roleWords(one))}
              </option>
            ))}
          </select>
        </label>
      </div>
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="row">
        <span className="hint" style={{ flex: 1 }}>
          {say('The only address that will be asked. Its server must allow this page to read it.')}
        </span>
        <button type="submit" className="button primary" data-testid="models-address">
          {say('Download and import')}
        </button>
      </div>
    </form>
  )
}
