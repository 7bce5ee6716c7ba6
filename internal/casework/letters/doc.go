// Package letters writes letters and messages to the person of a case, and asks
// before each leaves whether it can.
//
// # Words
//
//   - A letter begins with a text that ships, and is finished by its worker. It
//     goes by post, by hand, as an email or as a text message.
//   - An agency words texts of its own, in versions ([OwnText]): a manager who did
//     not word it approves each before it is offered, and retires it.
//   - To make a letter is to keep it in the case. It has left when somebody says
//     that it was sent: Waymark sends nothing itself.
//
// # Rules
//
//   - The gate of contact is asked when a letter is made and again when it is
//     printed or shown to be copied: unknown, unsafe, expired and outside the
//     hours are refused with the reason. By hand nothing is asked but whether
//     it is safe for the person to hold.
//   - A letter goes where the person said that letters are safe, and never to an
//     address that is kept confidential. That address stands on no letter.
//   - No subject and no text message says what the service is for (S13). On
//     paper stand no name of the service and no title of ours.
//   - A text of an agency is held to what the texts that ship are held to: it
//     says nowhere what the service is for, and names no place.
//   - A letter on paper is taken away as a document where the deployment has a
//     browser for that. The gate is asked, and the taking is in the ledger.
//   - What happened is recorded whatever the gate says, and marked when the gate
//     would have refused it.
package letters
