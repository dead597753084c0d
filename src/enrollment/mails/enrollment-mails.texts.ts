import type { Locale } from "../../platform/locale.ts";

interface Said {
  subject: string;
  paragraphs: string[];
}

interface EnrollmentMailTexts {
  position: string;
  joined(seminar: string): Said;
  leading(seminar: string): Said;
  waitlisted(seminar: string): Said;
  promoted(seminar: string): Said;
  dropped(seminar: string): Said;
}

export const enrollmentMailTexts: Readonly<Record<Locale, EnrollmentMailTexts>> = {
  EN: {
    position: "Place on the waiting list",
    joined: (seminar) => ({
      subject: `You have a seat: ${seminar}`,
      paragraphs: [
        `You have a seat in the seminar “${seminar}”.`,
        "If you cannot come, please drop the seminar, so that somebody else gets the seat. You cannot join again after that.",
      ],
    }),
    leading: (seminar) => ({
      subject: `You are an instructor: ${seminar}`,
      paragraphs: [`You are an instructor of the seminar “${seminar}”.`],
    }),
    waitlisted: (seminar) => ({
      subject: `On the waiting list: ${seminar}`,
      paragraphs: [
        `All seats of the seminar “${seminar}” are taken. You are on the waiting list.`,
        "As soon as it is your turn you get a seat by yourself, and a mail that says so. You can leave the waiting list at any time.",
      ],
    }),
    promoted: (seminar) => ({
      subject: `A seat has become free for you: ${seminar}`,
      paragraphs: [
        `A seat in the seminar “${seminar}” has become free, and it is yours. You are no longer on the waiting list.`,
        "If you cannot come, please drop the seminar, so that somebody else gets the seat. You cannot join again after that.",
      ],
    }),
    dropped: (seminar) => ({
      subject: `You are no longer in: ${seminar}`,
      paragraphs: [`You are no longer in the seminar “${seminar}”. Your seat is free for somebody else.`],
    }),
  },
  KO: {
    position: "대기 순번",
    joined: (seminar) => ({
      subject: `참여 확정: ${seminar}`,
      paragraphs: [
        `‘${seminar}’ 세미나 참여가 확정되었습니다.`,
        "참석하기 어려우시면 다른 분이 참여할 수 있도록 세미나를 포기해 주세요. 포기한 뒤에는 다시 신청할 수 없습니다.",
      ],
    }),
    leading: (seminar) => ({
      subject: `진행자 등록: ${seminar}`,
      paragraphs: [`‘${seminar}’ 세미나의 진행자가 되었습니다.`],
    }),
    waitlisted: (seminar) => ({
      subject: `대기 신청: ${seminar}`,
      paragraphs: [
        `‘${seminar}’ 세미나의 자리가 모두 차서 대기자 명단에 올랐습니다.`,
        "차례가 되면 자동으로 자리가 배정되고 메일로 알려 드립니다. 대기는 언제든지 취소할 수 있습니다.",
      ],
    }),
    promoted: (seminar) => ({
      subject: `자리가 났습니다: ${seminar}`,
      paragraphs: [
        `‘${seminar}’ 세미나에 자리가 나서 참여가 확정되었습니다. 이제 대기자 명단에 있지 않습니다.`,
        "참석하기 어려우시면 다른 분이 참여할 수 있도록 세미나를 포기해 주세요. 포기한 뒤에는 다시 신청할 수 없습니다.",
      ],
    }),
    dropped: (seminar) => ({
      subject: `참여 취소: ${seminar}`,
      paragraphs: [`‘${seminar}’ 세미나 참여가 취소되었습니다. 비게 된 자리는 다른 분에게 돌아갑니다.`],
    }),
  },
};
