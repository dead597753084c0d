import { Entity, ManyToOne, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import type { Rel } from "@mikro-orm/postgresql";
import { User } from "../users/user.entity.ts";

/** A log-in that goes on until it expires or is ended. It is kept afterwards, so that an ended one is known as such. */
@Entity({ tableName: "sessions" })
export class Session {
  @PrimaryKey({ type: "uuid" })
  id!: string;

  @ManyToOne(() => User, { joinColumn: "user_id" })
  user!: Rel<User>;

  @Property({ type: "datetime", length: 3 })
  createdAt!: Date;

  @Property({ type: "datetime", length: 3 })
  expiresAt!: Date;

  @Property({ type: "datetime", length: 3, nullable: true })
  endedAt!: Date | null;
}
