import type { Locale } from "../../platform/locale.ts";

interface WelcomeTexts {
  subject: string;
  username: string;
  ready: string;
  participant: string;
  notAccepted: string;
  instructor: string;
  notYou: string;
}

export const welcomeTexts: Readonly<Record<Locale, WelcomeTexts>> = {
  EN: {
    subject: "Welcome",
    username: "Username",
    ready: "Your account is ready.",
    participant: "You can join seminars as a participant.",
    notAccepted: "You can join seminars as soon as our staff have accepted you as a participant.",
    instructor: "You can lead a seminar.",
    notYou: "If you did not make this account, somebody gave your address by mistake, and you need not do anything.",
  },
  KO: {
    subject: "가입을 환영합니다",
    username: "사용자 이름",
    ready: "계정이 만들어졌습니다.",
    participant: "이제 세미나에 참여자로 신청할 수 있습니다.",
    notAccepted: "운영진이 참여자로 승인하면 세미나에 신청할 수 있습니다.",
    instructor: "세미나를 진행할 수 있습니다.",
    notYou: "직접 가입하지 않으셨다면 누군가 주소를 잘못 입력한 것이니, 따로 하실 일은 없습니다.",
  },
};
