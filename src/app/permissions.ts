import type { InstructorProfile, ParticipantProfile } from "../accounts/users/profiles.ts";
import type { User } from "../accounts/users/user.entity.ts";
import { isInstructedByViewer } from "../enrollment/enrollment.loaders.ts";
import { isStaff, StaffRole } from "../platform/auth/staff-role.ts";
import {
  entitledOrStaff,
  loggedIn,
  open,
  type Permissions,
  shared,
  sharedByLoggedIn,
  shownTo,
  staff,
} from "../platform/graphql/permissions/field-permission.ts";
import type { Context } from "../platform/graphql/server/context.ts";

/**
 * Who may use what: every query, every mutation and every field of every type has its entry here and nowhere else, and a
 * field without one keeps the server from starting. A query is answered from somebody else's answer only if all of its
 * fields are `shared` here.
 */
export const permissions: Permissions = {
  Query: {
    ...open("serverTime viewer"),
    ...shared("user seminar seminars"),
    users: staff(StaffRole.VIEWER),
    enrollments: staff(StaffRole.VIEWER),
    auditEntries: staff(StaffRole.VIEWER),
    jobs: staff(StaffRole.VIEWER),
  },

  Mutation: {
    ...open("signUp logIn logOut"),
    updateViewer: loggedIn,
    becomeParticipant: loggedIn,
    becomeInstructor: loggedIn,
    joinSeminar: loggedIn,
    dropSeminar: loggedIn,
    createSeminar: entitledOrStaff("who has an instructor profile (S2)", StaffRole.EDITOR),
    updateSeminar: entitledOrStaff("an instructor of the seminar (S4)", StaffRole.EDITOR),
    cancelSeminar: entitledOrStaff("an instructor of the seminar (S4)", StaffRole.EDITOR),

    setParticipantsAccepted: staff(StaffRole.EDITOR),
    enrollParticipants: staff(StaffRole.EDITOR),
    dropEnrollments: staff(StaffRole.EDITOR),
    reinstateEnrollments: staff(StaffRole.EDITOR),
    cancelSeminars: staff(StaffRole.EDITOR),

    setStaffRole: staff(StaffRole.ADMIN),
    setUsersActive: staff(StaffRole.ADMIN),
    retryJobs: staff(StaffRole.ADMIN),
  },

  User: {
    ...shared("id username firstName lastName createdAt participant instructor"),
    email: shownTo(self, anyStaff, theirInstructors),
    staffRole: shownTo(self, anyStaff),
    locale: shownTo(self, anyStaff),
    active: shownTo(anyStaff),
    // Instructors see a part of the list: the resolver leaves out what is not in their own seminars.
    enrollments: shownTo(self, anyStaff, theirInstructors),
  },
  ParticipantProfile: {
    ...shared("university"),
    accepted: shownTo(self, anyStaff, theirInstructors),
  },
  InstructorProfile: {
    ...shared("company"),
    careerYears: shownTo(self, anyStaff),
  },

  Seminar: {
    ...shared(
      "id name description capacity sessionCount time online startsOn registrationOpensAt registrationClosesAt",
    ),
    ...shared("status createdAt participantCount remainingSeats waitlistCount instructors"),
    participants: sharedByLoggedIn(shownTo(anyUser)),
    viewerEnrollment: shownTo(anyUser),
    joinEligibility: loggedIn,
  },

  // Whoever reaches one of these may read all of it: the way to it is what is guarded.
  Enrollment: shared("id seminar user role status joinedAt droppedAt waitlistPosition"),
  Session: open("token expiresAt"),
  AuditEntry: open("id at actor action targetType targetId changes requestId"),
  Job: open("id task state attempts maxAttempts runAt lastError payload"),

  PageInfo: shared("hasNextPage hasPreviousPage startCursor endCursor"),
  ...ofList("Seminar", shared),
  ...ofList("Enrollment", shared),
  ...ofList("User", open),
  ...ofList("AuditEntry", open),
  ...ofList("Job", open),

  SignUpSuccess: open("user session"),
  SignUpRefusal: open("code message"),
  LogInSuccess: open("user session"),
  LogInRefusal: open("code message"),
  UpdateViewerSuccess: open("user"),
  UpdateViewerRefusal: open("code message"),
  BecomeParticipantSuccess: open("user"),
  BecomeParticipantRefusal: open("code message"),
  BecomeInstructorSuccess: open("user"),
  BecomeInstructorRefusal: open("code message"),
  CreateSeminarSuccess: open("seminar"),
  CreateSeminarRefusal: open("code message"),
  UpdateSeminarSuccess: open("seminar"),
  UpdateSeminarRefusal: open("code message"),
  CancelSeminarSuccess: open("seminar"),
  CancelSeminarRefusal: open("code message"),
  JoinSeminarSuccess: open("enrollment seminar"),
  JoinSeminarRefusal: open("code message seminar"),
  DropSeminarSuccess: open("enrollment seminar"),
  DropSeminarRefusal: open("code message"),
  SetStaffRoleSuccess: open("user"),
  SetStaffRoleRefusal: open("code message"),
  BulkResult: open("succeededIds refused"),
  BulkRefusal: open("id code message"),
};

function ofList(node: string, fields: typeof open): Permissions {
  return { [`${node}Connection`]: fields("edges nodes pageInfo totalCount"), [`${node}Edge`]: fields("cursor node") };
}

type Personal = User | ParticipantProfile | InstructorProfile;

function personOf(object: Personal): User {
  return "user" in object ? object.user : object;
}

function anyUser({ viewer }: Context): boolean {
  return viewer !== null;
}

function anyStaff({ viewer }: Context): boolean {
  return isStaff(viewer, StaffRole.VIEWER);
}

function self({ viewer }: Context, object: Personal): boolean {
  return viewer?.id === personOf(object).id;
}

/** The instructors of a seminar in which the person is ACTIVE or WAITLISTED (A5). */
function theirInstructors(context: Context, object: Personal): boolean | Promise<boolean> {
  return context.viewer !== null && context.load(isInstructedByViewer).load(personOf(object).id);
}
