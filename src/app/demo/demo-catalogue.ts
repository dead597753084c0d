import { SeminarStatus } from "../../catalogue/seminar.entity.ts";

export interface DemoSeminar {
  name: string;
  description: string;
  capacity: number;
  sessionCount: number;
  time: string;
  online?: boolean;
  startsOn: string;
  registrationOpensAt?: Date;
  registrationClosesAt?: Date;
  status?: SeminarStatus;
  leader: { username: string; firstName?: string; lastName?: string; company: string };
  /** How many of the demo people have joined or queued. */
  joins: number;
}

export const demoPeople = [
  { username: "minji.kim", firstName: "민지", lastName: "김" },
  { username: "james.park", firstName: "James", lastName: "Park" },
  { username: "seoyeon.lee", firstName: "서연", lastName: "이" },
  { username: "olivia.choi", firstName: "Olivia", lastName: "Choi" },
  { username: "dohyun.jung", firstName: "도현", lastName: "정" },
  { username: "emma.kang", firstName: "Emma", lastName: "Kang" },
  { username: "jihoon.cho", firstName: "지훈", lastName: "조" },
  { username: "lucas.yoon", firstName: "Lucas", lastName: "Yoon" },
  { username: "hayun.jang", firstName: "하윤", lastName: "장" },
  { username: "noah.lim", firstName: "Noah", lastName: "Lim" },
  { username: "sujin.han", firstName: "수진", lastName: "한" },
  { username: "mia.oh", firstName: "Mia", lastName: "Oh" },
];

const dayMs = 24 * 60 * 60 * 1000;

function inDays(days: number): Date {
  return new Date(Date.now() + days * dayMs);
}

function dayIn(days: number): string {
  return inDays(days).toISOString().slice(0, 10);
}

/** From the oldest to the newest: one finished, one cancelled, one not open yet, one full with a waiting list, ... */
export const demoSeminars: readonly DemoSeminar[] = [
  {
    name: "Git for the First Time",
    description: "Commit, branch, merge, and how to get out of trouble.",
    capacity: 30,
    sessionCount: 2,
    time: "19:00",
    startsOn: dayIn(-60),
    status: SeminarStatus.FINISHED,
    leader: { username: "grace.hong", firstName: "Grace", lastName: "Hong", company: "Version One" },
    joins: 9,
  },
  {
    name: "iOS 앱 만들기",
    description: "SwiftUI로 첫 앱을 만들어 봅니다.",
    capacity: 20,
    sessionCount: 8,
    time: "20:00",
    startsOn: dayIn(10),
    status: SeminarStatus.CANCELLED,
    leader: { username: "taeyang.seo", firstName: "태양", lastName: "서", company: "Apple Tree" },
    joins: 4,
  },
  {
    name: "Django and PostgreSQL",
    description: "Transactions, locks, and what happens when a thousand people press the button at noon.",
    capacity: 10,
    sessionCount: 6,
    time: "18:30",
    startsOn: dayIn(7),
    leader: { username: "instructor", company: "Waffle Studio" },
    joins: 6,
  },
  {
    name: "React 기초",
    description: "컴포넌트, 상태, 그리고 테스트.",
    capacity: 8,
    sessionCount: 6,
    time: "19:30",
    online: false,
    startsOn: dayIn(5),
    leader: { username: "yerin.moon", firstName: "예린", lastName: "문", company: "Frontier" },
    joins: 11,
  },
  {
    name: "Kubernetes on a Weekend",
    description: "From one container to a cluster that heals itself.",
    capacity: 50,
    sessionCount: 4,
    time: "10:00",
    startsOn: dayIn(21),
    registrationOpensAt: inDays(1),
    registrationClosesAt: inDays(14),
    leader: { username: "daniel.shin", firstName: "Daniel", lastName: "Shin", company: "Harbor" },
    joins: 0,
  },
  {
    name: "Rust 입문",
    description: "소유권과 빌림부터 시작합니다.",
    capacity: 15,
    sessionCount: 8,
    time: "21:00",
    startsOn: dayIn(3),
    registrationOpensAt: inDays(-20),
    registrationClosesAt: inDays(-1),
    leader: { username: "ferris.kwon", firstName: "Ferris", lastName: "Kwon", company: "Crab Works" },
    joins: 12,
  },
];
