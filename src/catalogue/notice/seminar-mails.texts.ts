import type { Locale } from "../../platform/locale.ts";

const seminarFields = [
  "name",
  "description",
  "capacity",
  "sessionCount",
  "time",
  "online",
  "startsOn",
  "registrationOpensAt",
  "registrationClosesAt",
] as const;

/** The fields of a seminar that a mail can name. */
export type SeminarField = (typeof seminarFields)[number];

/** Jobs that wait may name fields that there are no more. */
export function isSeminarField(field: string): field is SeminarField {
  return seminarFields.some((known) => known === field);
}

interface Said {
  subject: string;
  paragraphs: string[];
}

interface SeminarMailTexts {
  seminar: string;
  fields: Record<SeminarField, string>;
  notSetYet: string;
  noLimit: string;
  session: string;
  weekly(sessionCount: number): string;
  place(online: boolean): string;
  nthOf(session: number, sessionCount: number): string;
  changed(seminar: string, fields: string[]): Said;
  cancelled(seminar: string, waited: boolean): Said;
  tomorrow(seminar: string, when: string): Said;
}

export const seminarMailTexts: Readonly<Record<Locale, SeminarMailTexts>> = {
  EN: {
    seminar: "Seminar",
    fields: {
      name: "Name",
      description: "Description",
      capacity: "Seats",
      sessionCount: "Sessions",
      time: "Time",
      online: "Place",
      startsOn: "First session",
      registrationOpensAt: "Registration opens",
      registrationClosesAt: "Registration closes",
    },
    notSetYet: "not set yet",
    noLimit: "no limit",
    session: "Session",
    weekly: (sessionCount) => (sessionCount === 1 ? "1" : `${sessionCount}, weekly`),
    place: (online) => (online ? "Online" : "In person"),
    nthOf: (session, sessionCount) => `${session} of ${sessionCount}`,
    changed: (seminar, fields) => ({
      subject: `Changed: ${seminar}`,
      paragraphs: [
        `Something about the seminar “${seminar}” has changed${fields.length > 0 ? `: ${fields.join(", ")}` : ""}.`,
        "This is how it is now.",
      ],
    }),
    cancelled: (seminar, waited) => ({
      subject: `Cancelled: ${seminar}`,
      paragraphs: [
        waited
          ? `The seminar “${seminar}”, for which you were on the waiting list, is cancelled. It will not take place.`
          : `The seminar “${seminar}” is cancelled. It will not take place.`,
      ],
    }),
    tomorrow: (seminar, when) => ({
      subject: `Reminder: ${seminar}, ${when}`,
      paragraphs: [`The next session of the seminar “${seminar}” is on ${when}.`],
    }),
  },
  KO: {
    seminar: "세미나",
    fields: {
      name: "이름",
      description: "설명",
      capacity: "정원",
      sessionCount: "모임 횟수",
      time: "시간",
      online: "장소",
      startsOn: "첫 모임",
      registrationOpensAt: "신청 시작",
      registrationClosesAt: "신청 마감",
    },
    notSetYet: "미정",
    noLimit: "제한 없음",
    session: "모임",
    weekly: (sessionCount) => (sessionCount === 1 ? "1회" : `매주 1회, 총 ${sessionCount}회`),
    place: (online) => (online ? "온라인" : "오프라인"),
    nthOf: (session, sessionCount) => `총 ${sessionCount}회 중 ${session}회째`,
    changed: (seminar, fields) => ({
      subject: `세미나 변경: ${seminar}`,
      paragraphs: [
        `‘${seminar}’ 세미나의 내용이 바뀌었습니다${fields.length > 0 ? `: ${fields.join(", ")}` : ""}.`,
        "지금은 다음과 같습니다.",
      ],
    }),
    cancelled: (seminar, waited) => ({
      subject: `세미나 취소: ${seminar}`,
      paragraphs: [
        waited
          ? `대기자 명단에 올라 계시던 ‘${seminar}’ 세미나가 취소되어 열리지 않습니다.`
          : `‘${seminar}’ 세미나가 취소되어 열리지 않습니다.`,
      ],
    }),
    tomorrow: (seminar, when) => ({
      subject: `모임 안내: ${seminar}, ${when}`,
      paragraphs: [`‘${seminar}’ 세미나의 다음 모임은 ${when}에 있습니다.`],
    }),
  },
};
