/** The field of every prompt. */
export const prompts = {
  'The model does not know {words}.': 'Das Modell kennt {words} nicht.',
  'Only words of light are read: {words}.': 'Gelesen werden nur (englische) Wörter über Licht: {words}.',
  'No word of this says anything of light, so it changes nothing.':
    'Kein Wort davon sagt etwas über Licht, deshalb ändert es nichts.',
  'Words that the model knows': 'Wörter, die das Modell kennt',
  'All words that the model knows': 'Alle Wörter, die das Modell kennt',
  'From where': 'Woher',
  'When, and how high': 'Wann, und wie hoch',
  'From what': 'Wovon',
  Soft: 'Weich',
  'Search the words that the model knows': 'Wörter suchen, die das Modell kennt',
  'Search {count} words': '{count} Wörter durchsuchen',
  'The model does not know a word like “{words}”.': 'Das Modell kennt kein Wort wie „{words}“.',
  'All words that are read': 'Alle Wörter, die gelesen werden',
  'Prompts that you used': 'Verwendete Prompts',
  'Arrow up in an empty prompt': 'Pfeil nach oben im leeren Prompt',
  'Search prompts': 'Prompts durchsuchen',
  'Prompts that you make pictures with are listed here.':
    'Prompts, mit denen Sie Bilder machen, stehen dann hier.',
  'None of them has these words.': 'Keiner davon enthält diese Wörter.',
  'Forget: {prompt}': 'Vergessen: {prompt}',
  'Forget all {count}': 'Alle {count} vergessen',
  'A prompt was taken from the list.': 'Ein Prompt wurde aus der Liste genommen.',
  '{count} prompts were taken from the list.': '{count} Prompts wurden aus der Liste genommen.',
  '{count} of {most} tokens': '{count} von {most} Tokens',
  '{count} of {most} words': '{count} von {most} Wörtern',
  'A prompt holds {most} characters; the last {cut} did not fit.':
    'Ein Prompt fasst {most} Zeichen; am Ende fehlen {cut}.',
  'The last word is not read: the prompt is longer than the model’s text encoder takes.':
    'Das letzte Wort wird nicht gelesen: Der Prompt ist länger, als der Textencoder des Modells aufnimmt.',
  'The last {count} words are not read: the prompt is longer than the model’s text encoder takes.':
    'Die letzten {count} Wörter werden nicht gelesen: Der Prompt ist länger, als der Textencoder des Modells aufnimmt.',
  'The last word is not read: the instruction is longer than the model’s text encoder takes.':
    'Das letzte Wort wird nicht gelesen: Die Anweisung ist länger, als der Textencoder des Modells aufnimmt.',
  'The last {count} words are not read: the instruction is longer than the model’s text encoder takes.':
    'Die letzten {count} Wörter werden nicht gelesen: Die Anweisung ist länger, als der Textencoder des Modells aufnimmt.',
} as const
