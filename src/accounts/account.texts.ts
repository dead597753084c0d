import type { LocalizedText } from "../platform/locale.ts";

export const accountTexts = {
  USERNAME_TAKEN: { EN: "This username is taken.", KO: "이미 사용 중인 사용자 이름입니다." },
  EMAIL_TAKEN: { EN: "There is an account with this e-mail address already.", KO: "이미 가입된 이메일 주소입니다." },
  WRONG_CREDENTIALS: {
    EN: "The name or the password is wrong.",
    KO: "아이디 또는 비밀번호가 올바르지 않습니다.",
  },
  WRONG_PASSWORD: { EN: "The current password is wrong.", KO: "현재 비밀번호가 올바르지 않습니다." },
  ALREADY_HAS_PROFILE: { EN: "You have this profile already.", KO: "이미 이 프로필이 있습니다." },
} satisfies Record<string, LocalizedText>;
