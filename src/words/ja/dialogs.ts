import type { dialogs as german } from '@/words/de/dialogs'

export const dialogs: Readonly<Record<keyof typeof german, string>> = {
  Format: '形式',
  'Writing …': '書き出しています…',
  'Every pixel as it is. A result’s recipe goes along: dropped back, it restores all settings.':
    'すべてのピクセルをそのまま保存します。結果にはレシピも含まれ、ここにドロップするとすべての設定が復元されます。',
  'Opens everywhere; what is transparent becomes white. The recipe does not go along: keep a PNG to build on.':
    'どこでも開けます。透明な部分は白になります。レシピは含まれないため、作業を続けるにはPNGも残してください。',
  'Smaller than JPEG, and keeps transparency. The recipe does not go along: keep a PNG to build on.':
    'JPEGより小さく、透明部分も保たれます。レシピは含まれないため、作業を続けるにはPNGも残してください。',
  'The smallest; takes a while. The recipe does not go along: keep a PNG to build on.':
    '最も小さくなりますが、時間がかかります。レシピは含まれないため、作業を続けるにはPNGも残してください。',
  'With its layers, for Photoshop and its kin. A result’s recipe goes along.':
    'レイヤー付きで、Photoshopなどで開けます。結果にはレシピも含まれます。',
  'All of them hold 8 bits a channel, as the studio does; sources of 16 bits are rounded when they are opened.':
    'どの形式も、スタジオと同じく各チャンネル8ビットです。16ビットの画像は開くときに8ビットに丸められます。',
  'Your last changes are not saved': '最後の変更が保存されていません',
  '“{title}” could not be saved in this browser. Another document in its place takes its last changes away for good.':
    '「{title}」をこのブラウザーに保存できませんでした。代わりに別のドキュメントを開くと、最後の変更は完全に失われます。',
  'Stay here': 'ここにとどまる',
  'Make room in this browser, or download the picture; then try again.':
    'このブラウザーの空き容量を増やすか画像をダウンロードしてから、もう一度お試しください。',
  'Leave without saving': '保存せずに離れる',
  'What was saved before stays in the list of documents.':
    '以前に保存した内容は、ドキュメントの一覧に残ります。',
  'This picture was made with Inlay': 'この画像はInlayで作られました',
  '{name} carries everything that made it.': '{name} には、作成に使ったすべての情報が含まれています。',
  'This browser does not have {names}. Everything else can be restored; add the missing picture again afterwards.':
    'このブラウザーには{names}がありません。ほかはすべて復元できます。足りない画像は後から追加し直してください。',
  'This browser does not have {names}. Everything else can be restored; add the missing pictures again afterwards.':
    'このブラウザーには{names}がありません。ほかはすべて復元できます。足りない画像は後から追加し直してください。',
  'Restore this recipe': 'このレシピを復元',
  'Replaces the layers, the prompt and the settings; undo brings them back.':
    'レイヤー、プロンプト、設定を置き換えます。「元に戻す」で戻せます。',
  'Use it as a picture': '画像として使う',
  'Like any other file.': 'ほかのファイルと同じように使います。',
}
