import {
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
} from "graphql";
import { newcomer as newAccount } from "../support/account-operations.ts";
import { type PreparedWorld, password } from "./prepared-world.ts";

/** What a query, a mutation or a field of an object is called with. */
interface Callable {
  name: string;
  type: GraphQLOutputType;
  args: readonly GraphQLArgument[];
}

/**
 * Arguments for a query or mutation that the server takes, aimed at what the world has prepared.
 * @throws for an argument or a field of an input that is not thought of here.
 */
export function validArguments(field: Callable, world: PreparedWorld): Record<string, unknown> {
  return Object.fromEntries(field.args.map((argument) => [argument.name, argumentValue(argument, field, world)]));
}

function argumentValue(argument: GraphQLArgument, field: Callable, world: PreparedWorld): unknown {
  const type = getNamedType(argument.type);
  if (isInputObjectType(type)) return validInput(type, world);
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (argument.name === "first") return 3;
  if (argument.name === "after") return undefined;
  const id = { User: world.user.id, Seminar: world.seminar.id }[getNamedType(field.type).name];
  if (argument.name === "id" && id) return id;
  throw new Error(`Say here what ${field.name}(${argument.name}) may be.`);
}

function validInput(type: GraphQLInputObjectType, world: PreparedWorld): object {
  const input = inputs[type.name]?.(world) ?? {};
  const [known, wanted] = [Object.keys(input).sort(), Object.keys(type.getFields()).sort()];
  if (known.join() !== wanted.join()) throw new Error(`Say here what each of ${wanted} of ${type.name} may be.`);
  return input;
}

const profile = { company: "Waffle", careerYears: 4 };
const seminarValues = {
  name: "Graphs",
  description: "Nodes and edges",
  capacity: 20,
  sessionCount: 5,
  time: "19:00",
  online: false,
  startsOn: "2097-03-04",
  registrationOpensAt: "2020-01-01T00:00:00Z",
  registrationClosesAt: "2097-03-01T00:00:00Z",
};

/** Every field of every input object; `undefined` leaves a field out. */
const inputs: Record<string, (world: PreparedWorld) => object> = {
  SignUpInput: () => ({ ...newAccount(), firstName: "Emmy", lastName: "Noether", locale: "EN", instructor: profile }),
  LogInInput: ({ user }) => ({ login: user.username, password }),
  UpdateViewerInput: () => ({
    ...newAccount({ password, currentPassword: password }),
    firstName: "Emmy",
    lastName: "Noether",
    locale: "KO",
    // Not everybody has both profiles.
    participant: undefined,
    instructor: undefined,
  }),
  BecomeParticipantInput: () => ({ university: "Seoul" }),
  BecomeInstructorInput: () => profile,

  SeminarFilter: ({ seminar }) => ({
    nameContains: seminar.name,
    online: seminar.online,
    hasFreeSeats: true,
    status: "SCHEDULED",
  }),
  CreateSeminarInput: () => seminarValues,
  UpdateSeminarInput: ({ seminar }) => ({ ...seminarValues, seminarId: seminar.id }),
  CancelSeminarInput: ({ seminar }) => ({ seminarId: seminar.id }),
  JoinSeminarInput: ({ seminar }) => ({ seminarId: seminar.id, role: "PARTICIPANT", onFull: "REFUSE" }),
  DropSeminarInput: ({ seminar }) => ({ seminarId: seminar.id }),

  UserFilter: ({ user }) => ({
    search: user.username,
    hasProfile: "PARTICIPANT",
    accepted: true,
    isStaff: false,
    active: true,
  }),
  EnrollmentFilter: ({ seminar, user }) => ({
    seminarId: seminar.id,
    userId: user.id,
    role: "PARTICIPANT",
    status: "ACTIVE",
    search: user.username,
  }),
  AuditEntryFilter: ({ user, activeId }) => ({
    actorId: user.id,
    action: "joinSeminar",
    targetType: "Enrollment",
    targetId: activeId,
    since: "2020-01-01T00:00:00Z",
    until: "2097-01-01T00:00:00Z",
  }),
  JobFilter: () => ({ state: "WAITING", task: "mailWelcome" }),
  SetParticipantsAcceptedInput: ({ user }) => ({ userIds: [user.id], accepted: false }),
  EnrollParticipantsInput: ({ seminar, newcomer }) => ({ seminarId: seminar.id, userIds: [newcomer.id] }),
  DropEnrollmentsInput: ({ activeId }) => ({ enrollmentIds: [activeId] }),
  ReinstateEnrollmentsInput: ({ droppedId }) => ({ enrollmentIds: [droppedId] }),
  CancelSeminarsInput: ({ seminar }) => ({ seminarIds: [seminar.id] }),
  SetStaffRoleInput: ({ user }) => ({ userId: user.id, staffRole: "EDITOR" }),
  SetUsersActiveInput: ({ user }) => ({ userIds: [user.id], active: false }),
  RetryJobsInput: () => ({ jobIds: ["1"] }),
};
