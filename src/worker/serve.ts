import * as Comlink from 'comlink'

import { onSign, PING, type Sign } from '@/base/heartbeat'

/** Opens a worker's API to its page, and answers whoever supervises it. */
export function serve(api: object): void {
  const tell = (sign: Sign) => self.postMessage(sign)
  onSign(tell)
  self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === PING) tell('alive')
  })
  Comlink.expose(api)
  tell('alive')
}
