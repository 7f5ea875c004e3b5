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
  'What is hidden, lies beside the picture or is covered by a result is not in the file.':
    '非表示のもの、画像の外にあるもの、結果に隠れているものは、ファイルに含まれません。',
  'Files hold 8 bits a channel, as the studio does. A PNG may hold 16 where the background came as a whole 16-bit PNG of at most 40 megapixels, in colours that the studio converts by itself.':
    'ファイルはスタジオと同じく1チャンネル8ビットです。背景が4000万画素以下の破損のない16ビットPNGで、色をスタジオ自身が変換できる場合は、PNGに16ビットを残せます。',
  'Looking whether the background has 16 bits a channel …':
    '背景が1チャンネル16ビットかどうかを確認しています…',
  'What 16 bits hold beyond that is rounded away.': '16ビットのうち8ビットを超える分は丸められます。',
  'Where nothing changed the background keeps its 16 bits exactly; what changed has the fineness of 8. The file is about twice as large.':
    '変更のない部分は背景の16ビットをそのまま保ち、変更した部分は8ビットの細かさになります。ファイルは約2倍の大きさです。',
  'Bits a channel': '1チャンネルのビット数',
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
