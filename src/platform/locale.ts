import Negotiator from "negotiator";

/** The languages that messages come in. */
export enum Locale {
  KO = "KO",
  EN = "EN",
}

/** One text in every language. */
export type LocalizedText = Readonly<Record<Locale, string>>;

/** The best language for an `Accept-Language` header; English when it names none of ours. */
export function preferredLocale(acceptLanguage: string | undefined): Locale {
  const negotiator = new Negotiator({ headers: { "accept-language": acceptLanguage ?? "en" } });
  return negotiator.language(["en", "ko"]) === "ko" ? Locale.KO : Locale.EN;
}
