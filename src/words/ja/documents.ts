import type { documents as german } from '@/words/de/documents'

export const documents: Readonly<Record<keyof typeof german, string>> = {
  'Open here': 'ここで編集中',
  'Open in another tab': '別のタブで編集中',
  'Open {title}': '「{title}」を開く',
  'Star {title}': '「{title}」にスターを付ける',
  'Rename {title}': '「{title}」の名前を変更',
  'Duplicate {title}': '「{title}」を複製',
  'Save {title} as project file': '「{title}」をプロジェクトファイルとして保存',
  'Delete {title}': '「{title}」を削除',
  'New name of {title}': '「{title}」の新しい名前',
  '“{title}” is deleted.': '「{title}」を削除しました。',
  'Search documents by name': '名前でドキュメントを検索',
  'Search by name': '名前で検索',
  'No document is called “{words}”.': '「{words}」という名前のドキュメントはありません。',
  'Your documents': 'あなたのドキュメント',
  'New document': '新規ドキュメント',
  'Begin a new document': '新しいドキュメントを始める',
  'Scenes to try': '試せるシーン',
  'Set aside': '別に保管したもの',
  'These could not be read, perhaps because a newer version of Inlay wrote them. Nothing of them is lost: download them, and report the detail.':
    '読み込めませんでした。新しいバージョンのInlayで作られたのかもしれません。内容は失われていません。ダウンロードして、下の詳細をご報告ください。',
  'A document, set aside {when}': '{when} に別に保管したドキュメント',
  'A result, set aside {when}': '{when} に別に保管した結果',
  'Delete it for good: {name}?': '完全に削除しますか：{name}',
  'Download: {name}': 'ダウンロード：{name}',
  'Delete: {name}': '削除：{name}',
}
