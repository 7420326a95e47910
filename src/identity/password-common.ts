/**
 * What passwords are commonly made of: the most frequent ones of published lists, names, and what is in sight of
 * whoever has to think of one. Lower case.
 */
const WORDS = `
  password passwort passwd pass contraseña motdepasse senha parola wachtwoord kennwort secret secrets geheim geheimnis
  admin administrator administrador root user username guest test testing tester demo default public private system server
  service account login logon signin welcome welcomes willkommen bienvenue hello hallo changeme change letmein let me in
  open opensesame access access14 trustno1 trust noone master masterkey superuser super superman batman spiderman ironman
  docker dockmaster container containers kubernetes swarm compose engine linux ubuntu debian windows microsoft google apple
  android samsung facebook amazon twitter youtube whatsapp instagram internet network computer laptop desktop database
  postgres mysql oracle redis jenkins github gitlab ansible terraform portainer devops development production staging
  iloveyou loveyou love lovely lover mylove sweetheart darling baby babygirl babyboy honey princess prince queen king angel
  angels heaven jesus christ blessed faith peace happy smile friend friends forever family mother father brother sister
  dragon monkey shadow tiger lion eagle wolf bear panda horse dolphin butterfly rabbit kitten kitty puppy doggy pepper
  ginger cookie cookies chocolate cheese chicken banana orange apples strawberry cherry lemon coffee pizza sugar candy
  sunshine sunflower flower flowers rainbow summer winter spring autumn snow snowball storm thunder lightning fire water
  earth ocean river mountain forest diamond silver golden gold crystal purple yellow green black white blue pink red
  football fussball soccer baseball basketball hockey tennis golf cricket rugby running swimming chelsea arsenal liverpool
  barcelona madrid manchester united juventus bayern dortmund yankees lakers cowboys steelers ferrari porsche mercedes
  corvette mustang harley yamaha honda toyota pokemon pikachu naruto minecraft starwars startrek matrix hunter ranger
  killer ninja samurai warrior phoenix wizard merlin gandalf hobbit harry potter hogwarts hacker gamer player
  michael jessica ashley daniel michelle jennifer thomas robert william charlie andrew joshua matthew jordan anthony
  christopher christian alexander alexandra nicholas nicole amanda samantha patrick martin george maria anna sophie laura
  julia sarah david peter stefan andreas jonathan benjamin victoria elizabeth richard charles london paris berlin newyork
  america england germany deutschland france italia espana canada australia mexico brasil india china russia
  monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
  november december morning night today tomorrow yesterday spring2024 year
  whatever nothing something anything everything fuckyou fuck asshole bitch shit sexy money dollar lucky number company
  corporate business office work school student teacher freedom liberty soldier army navy police doctor
  correcthorsebatterystaple correct-horse-battery-staple thequickbrownfox thequickbrownfoxjumpsoverthelazydog
  tobeornottobe maytheforcebewithyou iamgroot onceuponatime abracadabra supercalifragilisticexpialidocious
  qwerty qwertz azerty asdf asdfgh zxcvbn yxcvbn zaq1 1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 1q2w3e4r 1q2w3e 1q2w q1w2e3r4 q1w2e3
  zaq12wsx qazwsx edc rfv tgb yhn ujm qweasd zxc asd qwe wasd p@ssw0rd pa55word
  the my your is for you and this
`;

/** Rows of keyboards, and orders that everybody knows. Either way round, and starting anywhere. */
const ROWS = [
  '12345678901234567890',
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '!@#$%^&*()_+',
  '!"§$%&/()=?',
];
const MIN_ROW = 3;

/** What stands for a letter in "p4$$w0rd". */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

export const COMMON_WORDS: readonly string[] = [...new Set(WORDS.split(/\s+/).filter((word) => word !== ''))];
const LONGEST_ROW = Math.max(...ROWS.map((row) => row.length));
const ROWS_BOTH_WAYS = ROWS.flatMap((row) => [row, [...row].reverse().join('')]);

/** Where pieces of `text` that begin at `from` and that everybody would try end. */
export function ends(text: string, from: number, words: readonly string[]): number[] {
  const found = words.filter((word) => standsAt(text, from, word)).map((word) => from + word.length);
  const digits = /^\d{1,4}/.exec(text.slice(from, from + 4))?.[0].length ?? 0;
  for (let length = 1; length <= digits; length++) found.push(from + length);
  for (let length = MIN_ROW; length <= Math.min(LONGEST_ROW, text.length - from); length++) {
    const piece = text.slice(from, from + length);
    if (!ROWS_BOTH_WAYS.some((row) => row.includes(piece))) break;
    found.push(from + length);
  }
  return found;
}

function standsAt(text: string, from: number, word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    const given = text[from + index];
    const wanted = word[index];
    if (given === undefined || wanted === undefined) return false;
    if (given !== wanted && !(LOOKALIKES[given] ?? '').includes(wanted)) return false;
  }
  return true;
}
