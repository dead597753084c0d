import { z } from "zod";
import { changeable, fault, inputTexts, integer, text } from "../platform/graphql/input/input-rules.ts";
import { Locale, type LocalizedText } from "../platform/locale.ts";

const texts = {
  username: {
    EN: "1 to 50 letters, digits, dots, underscores or hyphens.",
    KO: "영문자, 숫자, 점, 밑줄, 하이픈으로 1자 이상 50자 이하여야 합니다.",
  },
  personName: {
    EN: "1 to 50 letters; spaces, hyphens and apostrophes between them.",
    KO: "1자 이상 50자 이하의 글자여야 하며, 그 사이에 공백, 하이픈, 아포스트로피를 쓸 수 있습니다.",
  },
  namesBothOrNeither: {
    EN: "Give both first name and last name, or neither.",
    KO: "이름과 성은 둘 다 입력하거나 둘 다 비워 두어야 합니다.",
  },
  profileMissing: {
    EN: "You do not have this profile. Add it first.",
    KO: "이 프로필이 없습니다. 먼저 추가해 주세요.",
  },
  profileNeeded: {
    EN: "A participant profile or an instructor profile is needed.",
    KO: "참여자 프로필과 진행자 프로필 중 하나는 있어야 합니다.",
  },
} satisfies Record<string, LocalizedText>;

/** The greatest value of PostgreSQL's `integer`. */
const maxInteger = 2_147_483_647;

const username = z.string().refine((value) => /^[A-Za-z0-9._-]{1,50}$/.test(value), fault(texts.username));
const email = text(3, 254);
const password = text(8, 128);

/** Letters of any script, each with its combining marks (A1); what counts as length are the letters. */
const personName = z
  .string()
  .normalize("NFC")
  .refine((value) => isPersonName(value), fault(texts.personName));

function isPersonName(value: string): boolean {
  const letters = value.length <= 400 ? (value.match(/\p{L}/gu)?.length ?? 0) : 0;
  return letters >= 1 && letters <= 50 && /^\p{L}\p{M}*(?:[ '’-]*\p{L}\p{M}*)*$/u.test(value);
}

const participantProfile = z.object({ university: text(0, 100).nullish() });
const instructorProfile = z.object({
  company: text(0, 100).nullish(),
  careerYears: integer(0, maxInteger).nullish(),
});

interface Names {
  firstName?: string | null;
  lastName?: string | null;
}

/** The path of the name that is missing beside the other one, or null when both or neither are there. */
export function missingName(names: Names): "firstName" | "lastName" | null {
  if (Boolean(names.firstName) === Boolean(names.lastName)) return null;
  return names.firstName ? "lastName" : "firstName";
}

export const namesFaultText: LocalizedText = texts.namesBothOrNeither;
export const missingProfileText: LocalizedText = texts.profileMissing;

export const signUpRules = z
  .object({
    username,
    email,
    password,
    firstName: personName.nullish(),
    lastName: personName.nullish(),
    locale: z.enum(Locale).nullish(),
    participant: participantProfile.nullish(),
    instructor: instructorProfile.nullish(),
  })
  .superRefine((input, context) => {
    const missing = missingName(input);
    if (missing) context.addIssue({ code: "custom", path: [missing], ...fault(texts.namesBothOrNeither) });
    if (!input.participant && !input.instructor) {
      context.addIssue({ code: "custom", path: ["participant"], ...fault(texts.profileNeeded) });
    }
  });

/** Anything that can be read may be tried; what cannot be right is simply wrong. */
const triedPassword = text(0, 1_000);

export const logInRules = z.object({ login: text(0, 254), password: triedPassword });

export const updateViewerRules = z
  .object({
    username: changeable(username),
    email: changeable(email),
    password: changeable(password),
    currentPassword: triedPassword.nullish(),
    firstName: personName.nullish(),
    lastName: personName.nullish(),
    locale: changeable(z.enum(Locale)),
    participant: changeable(participantProfile),
    instructor: changeable(instructorProfile),
  })
  .superRefine((input, context) => {
    if ((input.password !== undefined || input.email !== undefined) && input.currentPassword == null) {
      context.addIssue({ code: "custom", path: ["currentPassword"], ...fault(inputTexts.required) });
    }
  });

export const becomeParticipantRules = participantProfile;
export const becomeInstructorRules = instructorProfile;
