import type { prompts as german } from '@/words/de/prompts'

export const prompts: Readonly<Record<keyof typeof german, string>> = {
  'The model does not know {words}.': 'モデルは{words}を知りません。',
  'Only words of light are read: {words}.': '読み取られるのは光に関する英語だけです：{words}',
  'No word of this says anything of light, so it changes nothing.':
    '光に関する単語がないため、何も変わりません。',
  'Words that the model knows': 'モデルが知っている単語',
  'All words that the model knows': 'モデルが知っているすべての単語',
  'From where': 'どこから',
  'When, and how high': '時刻と高さ',
  'From what': '何の光か',
  Soft: 'やわらかい光',
  'Search the words that the model knows': 'モデルが知っている単語を検索',
  'Search {count} words': '{count}個の単語を検索',
  'The model does not know a word like “{words}”.': 'モデルは「{words}」のような単語を知りません。',
  'All words that are read': '読み取られるすべての単語',
  'Prompts that you used': '使ったプロンプト',
  'Arrow up in an empty prompt': '空のプロンプトで上矢印キー',
  'Search prompts': 'プロンプトを検索',
  'Prompts that you make pictures with are listed here.': '画像を作るのに使ったプロンプトがここに並びます。',
  'None of them has these words.': 'これらの単語を含むものはありません。',
  'Forget: {prompt}': '一覧から消す：{prompt}',
  'Forget all {count}': '{count}件すべてを一覧から消す',
  'A prompt was taken from the list.': 'プロンプトを一覧から消しました。',
  '{count} prompts were taken from the list.': '{count}件のプロンプトを一覧から消しました。',
  '{count} of {most} tokens': '{most}トークン中 {count}',
  '{count} of {most} words': '{most}語中 {count}',
  'A prompt holds {most} characters; the last {cut} did not fit.':
    'プロンプトは{most}文字までです。末尾の{cut}文字は入りませんでした。',
  'The last word is not read: the prompt is longer than the model’s text encoder takes.':
    '最後の単語は読み取られません。プロンプトがモデルのテキストエンコーダーの上限より長いためです。',
  'The last {count} words are not read: the prompt is longer than the model’s text encoder takes.':
    '最後の{count}語は読み取られません。プロンプトがモデルのテキストエンコーダーの上限より長いためです。',
  'The last word is not read: the instruction is longer than the model’s text encoder takes.':
    '最後の単語は読み取られません。指示文がモデルのテキストエンコーダーの上限より長いためです。',
  'The last {count} words are not read: the instruction is longer than the model’s text encoder takes.':
    '最後の{count}語は読み取られません。指示文がモデルのテキストエンコーダーの上限より長いためです。',
}
