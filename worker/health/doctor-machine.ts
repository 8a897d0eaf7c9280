/** What `doctor` looks at on this machine: Node, disks, keys, the record, the last back-up. */
import fs from 'node:fs';
import path from 'node:path';
import { holdsRecord } from '../../activities/record/read-record';
import type { Text } from '../../rules/engine/basics/text';
import { joined } from '../../rules/engine/basics/text';
import { megabytes } from '../local/back-up';
import { freeBytes } from '../local/back-up-files';
import { readLastBackUp } from '../local/last-back-up';
import { outsideDirectory } from '../local/postgres-place';
import type { Configuration } from '../settings/configuration';
import { projectRoot } from '../settings/configuration';
import type { Finding } from './doctor';
import {
  fewMegabytes,
  least,
  most,
  ok,
  oldHours,
  tooFewMegabytes,
  tooOldHours,
  warning,
  wrong,
} from './doctor';

/** Looks at the Node that runs this. */
export function lookAtNode(version = process.versions.node): Finding {
  const { engines } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const needed = engines.node.replace('>=', '');
  const parts = (text: string): number[] => text.split('.').map(Number);
  const [found, asked] = [parts(version), parts(needed)];
  const differs = found.findIndex((part, index) => part !== asked[index]);
  const isNewEnough = differs < 0 || (found[differs] ?? 0) > (asked[differs] ?? 0);
  if (isNewEnough) return ok('node', `Node ${version}`);
  return wrong(
    'node',
    {
      sv: `Node ${version}; ${needed} eller nyare behövs`,
      en: `Node ${version}; ${needed} or newer is needed`,
    },
    { sv: 'installera en nyare Node', en: 'install a newer Node' },
  );
}

/** Looks at a folder's disk: whether it can be written, and its room. */
export function lookAtDisk(about: string, name: Text, folder: string, free = freeBytes): Finding {
  const where = joined(name, ` ${folder}`);
  try {
    writeABit(folder);
  } catch (error) {
    return wrong(
      about,
      joined(where, { sv: ' går inte att skriva i: ', en: ' cannot be written: ' }, (error as Error).message),
      {
        sv: 'ge användaren som kör `npm start` rätt att skriva, eller laga disken',
        en: 'let the user of `npm start` write there, or mend the disk',
      },
    );
  }
  const bytes = free(folder);
  const room = joined(where, ': ', megabytes(bytes), { sv: ' ledigt', en: ' free' });
  const standing = least(bytes / 1024 / 1024, fewMegabytes, tooFewMegabytes);
  if (standing === 'ok') return ok(about, room);
  const todo = { sv: 'frigör utrymme på disken', en: 'free space on that disk' };
  return (standing === 'warning' ? warning : wrong)(about, room, todo);
}

/** Writes a block into a folder, or into the nearest one above it that exists, and removes it. */
function writeABit(folder: string): void {
  let place = folder;
  while (!fs.existsSync(place)) place = path.dirname(place);
  const file = path.join(place, `.doctor-${process.pid}`);
  try {
    fs.writeFileSync(file, Buffer.alloc(4_096, '.'), { mode: 0o600 });
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Looks at the disks of the data folder and of the database where it lies outside. */
export function lookAtData({ dataDir }: Pick<Configuration, 'dataDir'>): Finding[] {
  const outside = outsideDirectory(dataDir);
  const [data, database] = [
    { sv: 'Datamappen', en: 'The data folder' },
    { sv: 'Databasens mapp', en: "The database's folder" },
  ];
  return [
    lookAtDisk('disk.data', data, dataDir),
    ...(outside === undefined ? [] : [lookAtDisk('disk.database', database, outside)]),
  ];
}

/** Looks at the record outside of the database: its disk, which had better be another one than the database's. */
export function lookAtRecord({
  dataDir,
  recordDir,
}: Pick<Configuration, 'dataDir' | 'recordDir'>): Finding[] {
  const found = lookAtDisk('disk.record', { sv: 'Journalen i', en: 'The record in' }, recordDir);
  if (found.standing !== 'ok') return [found];
  if (!holdsRecord(recordDir))
    return [
      warning(
        'record',
        { sv: `Ingen journal i ${recordDir}`, en: `No record in ${recordDir}` },
        {
          sv: 'starta med samma SERVICEAVTAL_RECORD som `npm start` har',
          en: 'use the SERVICEAVTAL_RECORD that `npm start` has',
        },
      ),
    ];
  if (fs.statSync(recordDir).dev !== deviceOf(dataDir)) return [found];
  return [
    found,
    warning(
      'record.disk',
      {
        sv: 'Journalen ligger på samma disk som databasen',
        en: 'The record lies on the same disk as the database',
      },
      {
        sv: 'sätt SERVICEAVTAL_RECORD till en mapp på en annan disk',
        en: 'set SERVICEAVTAL_RECORD to a folder on another disk',
      },
    ),
  ];
}

function deviceOf(dataDir: string): number | undefined {
  const place = outsideDirectory(dataDir) ?? dataDir;
  return fs.statSync(place, { throwIfNoEntry: false })?.dev;
}

/** Looks at how old the last back-up is. */
export function lookAtBackUp({ dataDir }: Pick<Configuration, 'dataDir'>, now = Date.now()): Finding {
  const last = readLastBackUp(dataDir);
  const todo = { sv: 'ta en: npx serviceavtal backup MAPP', en: 'take one: npx serviceavtal backup FOLDER' };
  if (!last)
    return warning(
      'back-up',
      {
        sv: 'Ingen säkerhetskopia är tagen av den här datamappen',
        en: 'No back-up was taken of this data folder',
      },
      todo,
    );
  const hours = Math.floor((now - Date.parse(last.takenAt)) / 3_600_000);
  const isGone = !fs.existsSync(last.folder);
  const told = {
    sv: `Senaste säkerhetskopian är ${hours} h gammal (${last.folder}${isGone ? ', som inte syns härifrån' : ''})`,
    en: `The last back-up is ${hours} h old (${last.folder}${isGone ? ', which is not seen from here' : ''})`,
  };
  const standing = most(hours, oldHours, tooOldHours);
  if (standing === 'ok') return ok('back-up', told);
  return (standing === 'warning' ? warning : wrong)('back-up', told, todo);
}

/** Looks at the files that hold keys: nobody but their owner reads them. */
export function lookAtKeys({ dataDir, intake }: Pick<Configuration, 'dataDir' | 'intake'>): Finding[] {
  const files = ['postgres-password', 'link-key'].map((name) => path.join(dataDir, name));
  const open = files.filter((file) => {
    const found = fs.statSync(file, { throwIfNoEntry: false });
    return found !== undefined && (found.mode & 0o077) !== 0;
  });
  if (open.length > 0)
    return [
      wrong(
        'keys',
        { sv: `Andra kan läsa ${open.join(', ')}`, en: `Others can read ${open.join(', ')}` },
        { sv: `chmod 600 ${open.join(' ')}`, en: `chmod 600 ${open.join(' ')}` },
      ),
    ];
  const hasKey = intake.linkKey !== undefined || fs.existsSync(path.join(dataDir, 'link-key'));
  if (hasKey)
    return [ok('keys', { sv: 'Nycklarna läses bara av ägaren', en: 'Only their owner reads the keys' })];
  return [
    warning(
      'keys',
      { sv: 'Det finns ingen nyckel för länkar i mejl', en: 'There is no key for links in mails' },
      {
        sv: 'efter en återställning: lägg tillbaka link-key, annars öppnar gamla länkar ingenting; annars görs en vid start',
        en: 'after a restoration: put link-key back, else old links open nothing; otherwise a start makes one',
      },
    ),
  ];
}
