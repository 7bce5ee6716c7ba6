// Package appointments keeps who is met when and where, and sees to it that
// people who were harmed and those who harmed them do not meet there.
//
// # Words
//
//   - A [Place] is where an agency meets people, with its rooms. Some minutes are
//     kept clear before and after each appointment there, because people come
//     early and leave late by the same door.
//   - A [Slot] is what two appointments can share: the worker, the place, the time.
//   - A booking is an appointment that stands. One that is only asked for waits
//     for a manager and holds nothing.
//   - Somebody has harmed the person of a file when that file has them as a
//     perpetrator; they are known again in other files of the agency by the marks
//     of package people, and by the name alone where a date of birth is missing.
//   - To tell somebody of an appointment is to contact them.
//
// # Rules
//
//   - A person and whoever has harmed them do not have the same worker at any
//     time, nor the same place at times that touch, unless a manager other than
//     the booker lets it stand, with a reason ([Guard], ADR 0015).
//   - The refusal shows on the side of the person harmed, and says only that the
//     slot is not safe. On the other side nothing is refused, hidden or done
//     differently for it: there the booking is made, and a task asks the side of
//     the person harmed to move.
//   - Where somebody else is met is not known to be another place: two
//     appointments elsewhere at one time count as meeting.
//   - An interpreter is a professional, booked with a reference or through an
//     operator, bound to confidentiality, and not of the same circle; or the worker
//     speaks the language. A relative is never a way to book; that one interpreted
//     is written down as what happened, and is asked again safely.
//   - Whoever would tell the person asks the gate of contacts first. That it was
//     agreed with them in person may always be written down.
//   - A calendar outside shows times and the word "Meeting".
//
// Obligations: B6.8, B7.25, B7.26, B7.27, B8.4, B8.7, B9.11.
package appointments
