import type { studio as german } from '@/words/de/studio'

export const studio: Readonly<Record<keyof typeof german, string>> = {
  'Mode and layers': 'モードとレイヤー',
  'Mode and references': 'モードと参照',
  'Mode and pictures': 'モードと画像',
  'Mode and objects': 'モードとオブジェクト',
  'Prompt and settings': 'プロンプトと設定',
  Notifications: '通知',
  Details: '詳細',
  'Saving “{title}”': '「{title}」を保存しています',
  'Opening “{title}”': '「{title}」を開いています',
  'What is missing': '足りないもの',
  'Nothing is kept after closing this tab.': 'このタブを閉じると何も残りません。',
  'The browser forbids storage here: allow cookies and site data for this address, or download your pictures before you leave.':
    'ブラウザーがここでの保存を禁止しています。このアドレスのCookieとサイトデータを許可するか、離れる前に画像をダウンロードしてください。',
  'Inlay runs on one processor core here, because this host leaves out two headers.':
    'このサーバーは2つのヘッダーを送らないため、InlayはCPUの1コアだけで動きます。',
  'It adds them itself from now on: reload once to use all cores.':
    '今後はInlayが自分で補います。一度再読み込みすると、すべてのコアを使えます。',
  'Everything works, slower without a GPU. Whoever serves Inlay finds them in docs/hosting.md.':
    'すべて使えますが、GPUがないと遅くなります。配信する方は docs/hosting.md をご覧ください。',
  'This address is not secure, so the browser holds back the GPU and most processor cores.':
    'このアドレスは安全ではないため、ブラウザーはGPUとほとんどのCPUコアを使わせません。',
  'Everything works, slower, and is kept on this device; use one tab only. For full speed open {address} on the computer that serves Inlay, or serve it over https.':
    '遅くはなりますが、すべて使え、このデバイスに保存されます。タブは1つだけにしてください。本来の速さで使うには、Inlayを配信しているコンピューターで {address} を開くか、httpsで配信してください。',
  'New, all documents, scenes to try': '新規、すべてのドキュメント、お試しシーン',
  New: '新規',
  'Open background': '背景を開く',
  'Undo: {step}': '元に戻す：{step}',
  'Redo: {step}': 'やり直す：{step}',
  'Export as JPEG, WebP, AVIF or Photoshop (.psd)': 'JPEG、WebP、AVIF、Photoshop（.psd）で書き出し',
  'Documents, open is {title}': 'ドキュメント、開いているのは {title}',
  'Models and storage': 'モデルと保存領域',
  'Saved on this device': 'このデバイスに保存済み',
  'Saving …': '保存しています…',
  'Not saved': '保存されていません',
}
