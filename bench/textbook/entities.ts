import {
  Entity,
  Formula,
  Index,
  ManyToOne,
  OneToMany,
  PrimaryKey,
  Property,
  Unique,
} from "@mikro-orm/decorators/legacy";
import { Collection, type Opt, type Rel } from "@mikro-orm/postgresql";
import { Field, ID, Int, ObjectType } from "type-graphql";
import { v7 as uuidv7 } from "uuid";

@ObjectType()
@Entity({ tableName: "users" })
export class User {
  @Field(() => ID)
  @PrimaryKey({ type: "uuid" })
  id: string = uuidv7();

  @Field(() => String)
  @Property({ type: "text" })
  @Unique()
  username!: string;

  @Field(() => String)
  @Property({ type: "text" })
  @Unique()
  email!: string;

  @Field(() => String, { nullable: true })
  @Property({ type: "text", nullable: true })
  firstName?: string;

  @Field(() => String, { nullable: true })
  @Property({ type: "text", nullable: true })
  lastName?: string;

  @OneToMany(
    () => Enrollment,
    (enrollment) => enrollment.user,
  )
  enrollments = new Collection<Enrollment>(this);
}

@ObjectType()
@Entity({ tableName: "seminars" })
export class Seminar {
  @Field(() => ID)
  @PrimaryKey({ type: "uuid" })
  id: string = uuidv7();

  @Field(() => String)
  @Property({ type: "text" })
  name!: string;

  @Field(() => Int)
  @Property({ type: "integer" })
  capacity!: number;

  @Field(() => String)
  @Property({ type: "text" })
  time!: string;

  @Formula(
    (seminar) =>
      `(select count(*) from enrollments where seminar_id = ${seminar.id} and role = 'PARTICIPANT')::integer`,
    { type: "integer", lazy: true },
  )
  participantCount!: number & Opt;

  @OneToMany(
    () => Enrollment,
    (enrollment) => enrollment.seminar,
  )
  enrollments = new Collection<Enrollment>(this);
}

@ObjectType()
@Entity({ tableName: "enrollments" })
@Unique({ properties: ["user", "seminar"] })
export class Enrollment {
  @Field(() => ID)
  @PrimaryKey({ type: "uuid" })
  id: string = uuidv7();

  @Field(() => Seminar)
  @Index()
  @ManyToOne(() => Seminar)
  seminar!: Rel<Seminar>;

  @Field(() => User)
  @ManyToOne(() => User)
  user!: Rel<User>;

  @Field(() => String)
  @Property({ type: "text" })
  role!: "PARTICIPANT" | "INSTRUCTOR";

  @Field(() => Date)
  @Property({ type: "datetime" })
  joinedAt: Date & Opt = new Date();
}
