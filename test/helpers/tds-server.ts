/**
 * A stand-in for SQL Server, which is not available everywhere: it speaks the part of TDS 7.4 (MS-TDS, without
 * encryption) that a login and one answer need. It cannot show what a real server does with a statement.
 */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import net from 'node:net';

const packet = { batch: 0x01, reply: 0x04, login: 0x10, prelogin: 0x12 } as const;
const endOfMessage = 0x01;

const u8 = (value: number): Buffer => Buffer.from([value]);
const u16 = (value: number): Buffer => little(value, 2);
const u32 = (value: number): Buffer => little(value, 4);
function little(value: number | bigint, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes.subarray(0, length);
}
const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const shortText = (text: string): Buffer => Buffer.concat([u8(text.length), ucs2(text)]);
const longText = (text: string): Buffer => Buffer.concat([u16(text.length), ucs2(text)]);

/** A column: its type as the protocol describes it, and a value in it. */
export interface TdsColumn {
  type: Buffer;
  value: Buffer;
}
const nullValue = u8(0);
const sized = (value: Buffer): Buffer => Buffer.concat([u8(value.length), value]);

const millisecondsPerDay = 86_400_000;
const daysSince = (epoch: string, at: number): number =>
  Math.floor((at - Date.parse(epoch)) / millisecondsPerDay);
const timeOfDay = (at: number): number =>
  ((at % millisecondsPerDay) + millisecondsPerDay) % millisecondsPerDay;

/** Columns as a server sends them. Local times are given as if they were UTC. */
export const column = {
  int: (value: number): TdsColumn => ({ type: Buffer.from([0x26, 4]), value: sized(little(value, 4)) }),
  bigint: (value: bigint | null): TdsColumn => ({
    type: Buffer.from([0x26, 8]),
    value: value === null ? nullValue : sized(little(value, 8)),
  }),
  /** A decimal with two decimals. */
  decimal: (hundredths: number): TdsColumn => ({
    type: Buffer.from([0x6c, 5, 9, 2]),
    value: sized(Buffer.concat([u8(1), little(hundredths, 4)])),
  }),
  text: (value: string): TdsColumn => ({
    type: Buffer.concat([u8(0xe7), u16(100), Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34])]),
    value: Buffer.concat([u16(2 * value.length), ucs2(value)]),
  }),
  datetime: (wallClock: string | null): TdsColumn => ({
    type: Buffer.from([0x6f, 8]),
    value:
      wallClock === null
        ? nullValue
        : sized(
            Buffer.concat([
              little(daysSince('1900-01-01', Date.parse(wallClock)), 4),
              little(Math.round((timeOfDay(Date.parse(wallClock)) * 3) / 10), 4),
            ]),
          ),
  }),
  datetime2: (wallClock: string): TdsColumn => ({
    type: Buffer.from([0x2a, 7]),
    value: sized(ticksAndDay(Date.parse(wallClock))),
  }),
  datetimeoffset: (instant: string, minutes: number): TdsColumn => ({
    type: Buffer.from([0x2b, 7]),
    value: sized(Buffer.concat([ticksAndDay(Date.parse(instant)), little(minutes, 2)])),
  }),
};

function ticksAndDay(at: number): Buffer {
  return Buffer.concat([little(BigInt(timeOfDay(at)) * 10_000n, 5), little(daysSince('0001-01-01', at), 3)]);
}

const done = Buffer.concat([u8(0xfd), u16(0), u16(0), little(0, 8)]);

function loginAccepted(): Buffer {
  const body = Buffer.concat([
    u8(1),
    Buffer.from([0x74, 0, 0, 4]),
    shortText('Stand-in'),
    Buffer.from([16, 0, 0, 0]),
  ]);
  return Buffer.concat([u8(0xad), u16(body.length), body, done]);
}

function errorToken({ number, message }: TdsError): Buffer {
  const body = Buffer.concat([
    u32(number),
    u8(1),
    u8(16),
    longText(message),
    shortText('S'),
    shortText(''),
    u32(1),
  ]);
  return Buffer.concat([
    u8(0xaa),
    u16(body.length),
    body,
    Buffer.concat([u8(0xfd), u16(2), u16(0), little(0, 8)]),
  ]);
}

function rowToken(columns: Record<string, TdsColumn>): Buffer {
  const entries = Object.entries(columns);
  return Buffer.concat([
    Buffer.concat([u8(0x81), u16(entries.length)]),
    ...entries.flatMap(([name, { type }]) => [u32(0), u16(1), type, shortText(name)]),
    u8(0xd1),
    ...entries.map(([, { value }]) => value),
    done,
  ]);
}

/** Answer to PRELOGIN: a version, and that there is no encryption. */
function preloginAnswer(): Buffer {
  const options = Buffer.from([0x00, 0, 11, 0, 6, 0x01, 0, 17, 0, 1, 0xff]);
  return Buffer.concat([options, Buffer.from([16, 0, 0, 0, 0, 0]), u8(0x02)]);
}

const reply = (body: Buffer): Buffer => {
  const header = Buffer.from([packet.reply, endOfMessage, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(8 + body.length, 2);
  return Buffer.concat([header, body]);
};

export interface TdsError {
  number: number;
  message: string;
}

export interface TdsAnswers {
  /** The error with which a login is refused. */
  login?: TdsError;
  /** The answer to a query: the columns of one row, an error, or none at all. */
  query?: Record<string, TdsColumn> | TdsError | 'silence';
}

export interface TdsServer {
  port: number;
  /** Statements received, without the driver's own. */
  statements: string[];
  open(): number;
  close(): Promise<void>;
}

/** Starts a stand-in on a free port of this machine. */
export async function startTdsServer(answers: TdsAnswers): Promise<TdsServer> {
  const statements: string[] = [];
  const sockets = new Set<Socket>();
  const answerTo = (type: number, body: Buffer): Buffer | undefined => {
    if (type === packet.prelogin) return preloginAnswer();
    if (type === packet.login) return answers.login ? errorToken(answers.login) : loginAccepted();
    // The headers before the statement begin with their length.
    const statement = type === packet.batch ? body.subarray(body.readUInt32LE(0)).toString('utf16le') : '';
    if (!statement.includes('sysdatetimeoffset')) return done;
    statements.push(statement);
    const { query } = answers;
    if (query === undefined || query === 'silence') return undefined;
    return isError(query) ? errorToken(query) : rowToken(query);
  };
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let waiting = Buffer.alloc(0);
    let message: Buffer[] = [];
    socket.on('data', (data) => {
      waiting = Buffer.concat([waiting, data]);
      while (waiting.length >= 8 && waiting.length >= waiting.readUInt16BE(2)) {
        const length = waiting.readUInt16BE(2);
        const [type, status] = [waiting.readUInt8(0), waiting.readUInt8(1)];
        message.push(waiting.subarray(8, length));
        waiting = waiting.subarray(length);
        if ((status & endOfMessage) === 0) continue;
        const answer = answerTo(type, Buffer.concat(message));
        message = [];
        if (answer) socket.write(reply(answer));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    statements,
    open: () => sockets.size,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

const isError = (query: Record<string, TdsColumn> | TdsError): query is TdsError =>
  typeof query.number === 'number';
