import type { app as german } from '@/words/de/app'

export const app: Readonly<Record<keyof typeof german, string>> = {
  'Aligned, {mark}': 'Align の結果、{mark}',
  'Composed, {mark}': 'Compose の結果、{mark}',
  'Mixed, {mark}': 'Mix の結果、{mark}',
  'The browser has deleted what the studio had stored here.':
    'スタジオがここに保存していたものを、ブラウザが削除しました。',
  'The open document is stored again.': '開いているドキュメントは保存し直しました。',
  'Pictures of the open document that are gone: {n}. Drop their files in again.':
    '開いているドキュメントから失われた画像: {n} 枚。ファイルをもう一度ドロップしてください。',
  'Result {n}': '結果 {n}',
  '{name} copy': '{name} のコピー',
  'Result, {mark}': '結果、{mark}',
  aligned: 'Align の結果',
  composed: 'Compose の結果',
  mixed: 'Mix の結果',
  'Draft|picture': '試作',
  'Taken back': '元に戻した画像',
  'Pasted picture': '貼り付けた画像',
  '{title} – scene': '{title} – 背景',

  'Wait for the run to finish, or stop it, before you add pictures.':
    '画像を追加する前に、実行が終わるのを待つか、中止してください。',
  'Wait for the run to finish, or stop it, before you turn to another document.':
    '別のドキュメントに切り替える前に、実行が終わるのを待つか、中止してください。',
  'Wait until your pictures are open before you turn to another document.':
    '別のドキュメントに切り替える前に、画像が開き終わるのを待ってください。',
  'Wait until the other project is done, or stop it.':
    'ほかのプロジェクトの処理が終わるのを待つか、中止してください。',
  'Wait until the other files are taken in, or stop that.':
    'ほかのファイルの取り込みが終わるのを待つか、中止してください。',

  'This document is open in another tab.': 'このドキュメントは別のタブで開いています。',
  'This document is no longer in the list.|note': 'このドキュメントは一覧にもうありません。',
  '“{title}” is open in another tab, so this tab starts a new document.':
    '「{title}」は別のタブで開いているため、このタブでは新しいドキュメントを始めます。',
  '“{title}” is kept in the list of documents.': '「{title}」はドキュメントの一覧に残っています。',
  'Go back to it': 'そこへ戻る',
  '“{title}” is opened from its project file.': '「{title}」をプロジェクトファイルから開きました。',
  'The project is in the list of documents.': 'プロジェクトはドキュメントの一覧にあります。',
  '“{title}” is saved as project file.': '「{title}」をプロジェクトファイルとして保存しました。',
  'Stopped. Nothing was written.': '中止しました。何も書き出していません。',
  'Stopped. Nothing was stored.': '中止しました。何も保存していません。',
  'Writing the Photoshop document …': 'Photoshop ドキュメントを書き出しています…',

  'The queue pauses: what waits may fail, too.':
    'キューを一時停止しました。待っているものも失敗するかもしれません。',
  'The queue pauses: the {n} that wait may fail, too.':
    'キューを一時停止しました。待っている{n}件も失敗するかもしれません。',
  'It waits: the queue pauses.': 'キューが一時停止中のため、待機しています。',
  'This very picture is being made, or waits in the queue: change something first.':
    'まったく同じ画像を作成中か、キューで待機中です。先に何かを変更してください。',
  'A picture of another document is done. It is among the results.':
    '別のドキュメントの画像ができました。結果の中にあります。',
  'The picture is done. It is among the results: what is open is not as it was.':
    '画像ができました。開いている内容が変わっているため、結果の中に置きました。',
  'Show it': '表示',
  '{n} of {total} pictures are done.': '{total}枚中{n}枚ができました。',
  'Stopped. Nothing was changed.': '中止しました。何も変更していません。',
  'Stopped. The pictures that were finished are kept.': '中止しました。できあがった画像は保存してあります。',
  'Fuse again': 'もう一度合成',
  'Sample again|button': 'もう一度生成',
  'Open models': 'モデルを開く',

  '{n} taken into the results.': '{n}件を結果に取り込みました。',
  '{n} there already.': '{n}件はすでにあります。',
  '{n} without a recipe left out.': 'レシピのない{n}件は除きました。',
  'The result is deleted.': '結果を削除しました。',
  '{n} results are deleted.': '{n}件の結果を削除しました。',
  'The oldest result without a star was deleted, to keep at most {limit}.':
    '上限の{limit}に収めるため、スターのない最も古い結果を削除しました。',
  'The {n} oldest results without a star were deleted, to keep at most {limit}.':
    '上限の{limit}に収めるため、スターのない古い結果を{n}件削除しました。',
  'Results without a star take {over} more than the {limit} that you keep. The oldest go once a picture is made.':
    'スターのない結果が上限の{limit}を{over}超えています。次に画像を作ると、古いものから削除されます。',
  'Decide now': '今決める',
  'The recipe is restored.': 'レシピを復元しました。',
  'The recipe is restored without {n} picture that this browser does not have.':
    'レシピを復元しました。ただし、このブラウザーにない画像{n}枚は含まれていません。',
  'The recipe is restored without {n} pictures that this browser does not have.':
    'レシピを復元しました。ただし、このブラウザーにない画像{n}枚は含まれていません。',
  'Restore recipe|button': 'レシピを復元',
  'The photo’s light could not be read, so it is drawn as it is set. {problem}':
    '写真の光を読み取れなかったため、設定どおりの光で描きました。{problem}',
  'The result is now a layer.': '結果をレイヤーにしました。',
  'Nothing of it lies on the picture, so there is nothing to merge.':
    '画像の上に重なる部分がないため、結合するものがありません。',
  'The layers were changed meanwhile, so they are not merged. Merge them again.':
    'その間にレイヤーが変更されたため、結合していません。もう一度結合してください。',
  'The picture without earlier strokes is no longer among the results: what was brushed away then stays away.':
    '以前のストロークより前の画像は結果にもうありません。そのとき消した部分は消えたままになります。',
  'The picture is now the background of Place.': '画像を Place の背景にしました。',
  'The picture is now a layer of Place. Cut it out to place its object alone.':
    '画像を Place のレイヤーにしました。オブジェクトだけを置くには、切り抜いてください。',

  'The gallery holds at most {n} pictures. Remove some first.':
    'ギャラリーに入るのは{n}枚までです。先にいくつか取り除いてください。',
  'Stopped. The pictures that were finished stay.': '中止しました。できあがった画像は残ります。',
  'Stopped. The results of {n} of {total} pairs stay.': '中止しました。{total}組中{n}組の結果は残ります。',
  '{n} of {total} pairs are done; their targets are in the results.':
    '{total}組中{n}組ができました。ターゲットは結果の中にあります。',
  'Write a prompt that says what your pictures show first.':
    '先に、画像に写っているものを説明するプロンプトを書いてください。',
  'There is no other picture for a base: sample more.':
    'ベースにできる画像がほかにありません。さらに生成してください。',
  'Stopped. What is back stays.': '中止しました。取り込んだものは残ります。',
  '{n} pair exported.': '{n}組を書き出しました。',
  '{n} pairs exported.': '{n}組を書き出しました。',
  '{n} pair brought back': '{n}組を取り込みました',
  '{n} pairs brought back': '{n}組を取り込みました',
  '{n} of them here already': '{n}組はすでにありました',
  '{n} broken': '{n}組は壊れています',
  '{words}.|told': '{words}。',
  'Stopped. Drafts that were finished stay.': '中止しました。できあがった試作は残ります。',
  'Settings were changed during the search. Press Fuse to search with those of now.':
    '探索中に設定が変更されました。今の設定で探すには「合成」を押してください。',
  'Who listens to what|map': 'どこがどれに従うか',
  '{percent} % on average; black 0, white 1': '平均 {percent} %（黒 0、白 1）',
  'Text|map': 'テキスト',

  '{name} cuts out from now on.': '今後は「{name}」で切り抜きます。',
  '{name} is installed.': '「{name}」をインストールしました。',
  '{name} does not cut out. It waits under Models.':
    '「{name}」は切り抜き用ではありません。「モデル」で確認できます。',
  '{size} GB are free again.': '{size} GB 空きました。',
  'The pack is removed.': 'パックを取り除きました。',
  '{name} is removed.': '「{name}」を取り除きました。',
  'A copy of {name} is saved. Drop its folder here to install it again.':
    '「{name}」のコピーを保存しました。再びインストールするには、そのフォルダーをここにドロップしてください。',
  'The browser gave no promise. It asks less of sites that are installed or bookmarked.':
    'ブラウザーは保護を約束しませんでした。インストール済み、またはブックマークしたサイトなら認められやすくなります。',
  '{n} text is kept.': '{n}件のテキストを保存しました。',
  '{n} texts are kept.': '{n}件のテキストを保存しました。',

  'A new version is ready.': '新しいバージョンがあります。',
  'Inlay was updated in another tab.': '別のタブで Inlay が更新されました。',

  'Saving your work …': '作業内容を保存しています…',
  'Your saved work has not been touched.': '保存済みの作業内容はそのままです。',
  'Your work is saved on this device.': '作業内容はこのデバイスに保存されています。',
  'The last changes could not be saved on this device.': '最後の変更をこのデバイスに保存できませんでした。',
  Report: 'レポート',
  'Copy the report': 'レポートをコピー',
  'Inlay has stopped': 'Inlay が停止しました',
  'Inlay could not start': 'Inlay を起動できませんでした',
  'Reload to go on. If it happens again, please report what stands below.':
    '続けるには再読み込みしてください。再び起きる場合は、下の内容を報告してください。',
  Copied: 'コピーしました',
  'Marked: copy it now': '選択しました。今すぐコピーしてください',
}
