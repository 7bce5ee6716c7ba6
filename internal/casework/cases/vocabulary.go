package cases

import "slices"

// Purpose is why a file is opened: a code that the ledger keeps.
type Purpose string

// The purposes. Which page asks decides; people are not made to choose.
const (
	Care        Purpose = "care"        // working with the person
	Supervision Purpose = "supervision" // a manager looking after the work
	Sharing     Purpose = "sharing"     // preparing or receiving a share
	Emergency   Purpose = "emergency"   // under emergency access
	Review      Purpose = "review"      // a key contact reviewing access
)

// Side is on which side of the harm the work of a file is.
type Side string

// The sides. A worker does not have both sides of one harm.
const (
	Experiencing Side = "experiencing" // work with somebody who experiences it
	Perpetrating Side = "perpetrating" // work with somebody who harms
)

// Kind tells a file that only holds an enquiry from one with work in it.
type Kind string

// The kinds of file.
const (
	Light Kind = "light"
	Full  Kind = "full"
)

// Origin is how the work came to the agency.
type Origin string

// The origins.
const (
	OwnContact Origin = "contact"    // the agency met the person itself
	Referred   Origin = "referral"   // filled from the packet of a referral
	AskedSelf  Origin = "asked_self" // they asked on the public pages
	AskedFor   Origin = "asked_for"  // somebody else asked there for them
)

// Role is what a party is in a file.
type Role string

// The roles. A perpetrator is one in this file, not for good.
const (
	Perpetrator Role = "perpetrator"
	Child       Role = "child"
	Companion   Role = "companion" // never trusted as a contact by default
	OtherParty  Role = "other"
)

// PartyRoles lists the roles in the order in which they are offered.
func PartyRoles() []Role { return []Role{Perpetrator, Child, Companion, OtherParty} }

// Label is the role in words for people.
func (r Role) Label() string {
	switch r {
	case Perpetrator:
		return "Perpetrator"
	case Child:
		return "Child"
	case Companion:
		return "Companion"
	case OtherParty:
		return "Other person"
	}
	return string(r)
}

// EventKind is the kind of an entry in the chronology.
type EventKind string

// The kinds. Workflows write theirs; pages and local pathways read them.
const (
	Opened            EventKind = "file.opened"
	Note              EventKind = "note"
	HandedOver        EventKind = "file.handed_over"
	PartyAdded        EventKind = "party.added"
	ContactRecorded   EventKind = "contact.recorded"
	EnquiryMade       EventKind = "enquiry.made"
	EnquiryNotMade    EventKind = "enquiry.not_made"
	Disclosed         EventKind = "disclosure"
	ImmediateSafety   EventKind = "safety.immediate"
	ActedNow          EventKind = "acted_now"
	RiskIdentified    EventKind = "risk.identified"
	RiskFollowedUp    EventKind = "risk.followed_up" // found out more, without saying anew how high the risk is
	HighRisk          EventKind = "risk.high"
	MARACRoute        EventKind = "risk.marac_route"
	Offered           EventKind = "referral.offered"
	OfferAnswered     EventKind = "referral.answered"
	ReferralSent      EventKind = "referral.sent"
	ReferralReceived  EventKind = "referral.received"
	Acknowledged      EventKind = "share.acknowledged"
	ShareWithdrawn    EventKind = "share.withdrawn"
	SharedAgainst     EventKind = "share.against"  // left against an agreement, or before it was asked
	SharingReviewed   EventKind = "share.reviewed" // by the key contact
	AdviceAsked       EventKind = "share.advice_asked"
	AdviceGiven       EventKind = "share.advice_given"
	ShareJustified    EventKind = "share.justified" // after it was sent at once
	ShareChased       EventKind = "share.chased"    // somebody at the receiver sees to it
	ShareCorrected    EventKind = "share.corrected"
	ReferralDecided   EventKind = "referral.decided"
	FeedbackSent      EventKind = "feedback.sent"
	FeedbackReceived  EventKind = "feedback.received"
	ReferralStage     EventKind = "referral.stage" // how far the receiver has come
	PassedOn          EventKind = "referral.passed_on"
	AskReceived       EventKind = "ask.received"    // from the public pages
	MessageTaken      EventKind = "message.taken"   // by the receiver's system; of no person there
	MessageHeldUp     EventKind = "message.held_up" // it does not get through
	MessageRefused    EventKind = "message.refused"
	TaskDone          EventKind = "task.done"
	RestrictionSet    EventKind = "file.restricted"
	RestrictionLifted EventKind = "file.restriction_lifted"
	EmergencyOpened   EventKind = "emergency.opened"
	EmergencyReviewed EventKind = "emergency.reviewed"
	RequestReceived   EventKind = "request.received"
	RequestSettled    EventKind = "request.settled"
	Closed            EventKind = "file.closed"
	Reopened          EventKind = "file.reopened"
	HoldSet           EventKind = "hold.set"
	HoldLifted        EventKind = "hold.lifted"
	CopyReleased      EventKind = "copy.released"
	EntryCorrected    EventKind = "entry.corrected" // Ref names the entry that it corrects
	EntryErased       EventKind = "entry.erased"
	CorrectionRefused EventKind = "correction.refused"
	AttachmentAdded   EventKind = "attachment.added"
	PlanMade          EventKind = "plan.made"
	PlanReviewed      EventKind = "plan.reviewed"
	PlanChange        EventKind = "plan.change" // something happened that asks for a look at the plan
	PlanStep          EventKind = "plan.step"
	PlanCopied        EventKind = "plan.copied"
	SupportBegun      EventKind = "support.begun"
	ContactPlanned    EventKind = "contact.planned"
	ContactMade       EventKind = "contact.made"
	ContactTried      EventKind = "contact.tried"
	ContactRefused    EventKind = "contact.refused"
	CautiousAttempt   EventKind = "contact.cautious"
	LetterWritten     EventKind = "letter.written"
	LetterSettled     EventKind = "letter.settled"
	NotReached        EventKind = "contact.not_reached"
	NeedRecorded      EventKind = "support.need"
	NeedChanged       EventKind = "support.need_changed"
	GoalSet           EventKind = "support.goal"
	ActionAgreed      EventKind = "support.action"
	ActionEnded       EventKind = "support.action_ended"
	SupportOffered    EventKind = "support.offered"
	SupportPlanned    EventKind = "support.plan"
	OutcomeAsked      EventKind = "support.outcome"
	TheirFeedback     EventKind = "support.feedback"
	Appointed         EventKind = "appointment.booked"
	AppointmentMoved  EventKind = "appointment.moved"
	AppointmentOff    EventKind = "appointment.cancelled"
	AppointmentUnsafe EventKind = "appointment.refused" // the slot was not safe
	AppointmentAsked  EventKind = "appointment.asked"   // a manager is asked to let it stand
	AppointmentStands EventKind = "appointment.allowed" // a manager lets it stand
	AppointmentEnded  EventKind = "appointment.ended"
	AppointmentTold   EventKind = "appointment.told"
	GroupOffered      EventKind = "group.offered"
	GroupJoined       EventKind = "group.joined"
	GroupUnsafe       EventKind = "group.refused" // they might meet somebody there
	GroupStands       EventKind = "group.allowed" // a manager decided
	GroupLeft         EventKind = "group.left"
	GroupAttended     EventKind = "group.attended"
	WaitingBegun      EventKind = "waiting.begun"
	WaitingLooked     EventKind = "waiting.looked"
	WaitingEnded      EventKind = "waiting.ended"
	HearingListed     EventKind = "court.hearing" // on the day of the hearing, which may be to come
	HearingEnded      EventKind = "court.hearing_ended"
	OrderRecorded     EventKind = "order.recorded"
	OrderServed       EventKind = "order.served"
	OrderChanged      EventKind = "order.changed"
	SupervisionHeld   EventKind = "supervision.held"
	SupervisionDone   EventKind = "supervision.action_ended"
	SignedOff         EventKind = "supervision.signed_off"
	PathwayAnswered   EventKind = "pathway.answered"
	CircumstanceTold  EventKind = "circumstance.told"
	AdvicePointedTo   EventKind = "circumstance.pointed"
	MarriageTold      EventKind = "circumstance.consent"
	CapacityNoted     EventKind = "circumstance.capacity"
	HarmReported      EventKind = "circumstance.report"
	PatternJudged     EventKind = "circumstance.judged"
	SecondGiven       EventKind = "circumstance.second"
	SideDecided       EventKind = "circumstance.side"
	AddressGuarded    EventKind = "address.guarded"
	MARACReferred     EventKind = "marac.referred"
	MARACReceived     EventKind = "marac.received" // in the register of the MARAC
	MARACAnswered     EventKind = "marac.answered" // listed, or not, and why
	MARACRepeat       EventKind = "marac.repeat"   // whether it repeats an earlier case of the register
	ResearchReturned  EventKind = "marac.returned" // what the agency knows, to a meeting of a MARAC
	MARACFlagged      EventKind = "marac.flagged"  // on the list of a MARAC, until a day that the words name
	MARACAction       EventKind = "marac.action"   // what the agency took on at a MARAC, and what became of it
)

// EventKinds lists the vocabulary.
func EventKinds() []EventKind {
	return []EventKind{
		Opened, Note, HandedOver, PartyAdded, ContactRecorded, EnquiryMade, EnquiryNotMade, Disclosed, ImmediateSafety, ActedNow,
		RiskIdentified, RiskFollowedUp, HighRisk, MARACRoute, Offered, OfferAnswered, ReferralSent, ReferralReceived, Acknowledged, ShareWithdrawn,
		SharedAgainst, SharingReviewed, AdviceAsked, AdviceGiven, ShareJustified, ShareChased, ShareCorrected,
		ReferralDecided, FeedbackSent, FeedbackReceived, ReferralStage, PassedOn, AskReceived, TaskDone, RestrictionSet, RestrictionLifted, EmergencyOpened, EmergencyReviewed,
		AddressGuarded,
		RequestReceived, RequestSettled, Closed, Reopened, HoldSet, HoldLifted, CopyReleased, EntryCorrected, EntryErased, CorrectionRefused,
		AttachmentAdded, PlanMade, PlanReviewed, PlanChange, PlanStep, PlanCopied,
		SupportBegun, ContactPlanned, ContactMade, ContactTried, ContactRefused, CautiousAttempt, LetterWritten, LetterSettled, NotReached, NeedRecorded,
		NeedChanged, GoalSet, ActionAgreed, ActionEnded, SupportOffered, SupportPlanned, OutcomeAsked, TheirFeedback,
		Appointed, AppointmentMoved, AppointmentOff, AppointmentUnsafe, AppointmentAsked, AppointmentStands, AppointmentEnded, AppointmentTold,
		GroupOffered, GroupJoined, GroupUnsafe, GroupStands, GroupLeft, GroupAttended,
		WaitingBegun, WaitingLooked, WaitingEnded, HearingListed, HearingEnded, OrderRecorded, OrderServed, OrderChanged,
		SupervisionHeld, SupervisionDone, SignedOff, PathwayAnswered,
		CircumstanceTold, AdvicePointedTo, MarriageTold, CapacityNoted, HarmReported, PatternJudged, SecondGiven, SideDecided,
		MessageTaken, MessageHeldUp, MessageRefused, ResearchReturned, MARACFlagged,
		MARACReferred, MARACReceived, MARACAnswered, MARACRepeat,
		MARACAction,
	}
}

// Known tells whether a kind is in the vocabulary.
func (k EventKind) Known() bool { return slices.Contains(EventKinds(), k) }

// Label is the kind in words for people.
func (k EventKind) Label() string {
	switch k {
	case Opened:
		return "Case opened"
	case Note:
		return "Note"
	case HandedOver:
		return "Case handed over"
	case PartyAdded:
		return "Person added to the case"
	case ContactRecorded:
		return "Safe contact recorded"
	case EnquiryMade:
		return "Asked"
	case EnquiryNotMade:
		return "Not asked"
	case Disclosed:
		return "Disclosure"
	case ImmediateSafety:
		return "Immediate safety"
	case ActedNow:
		return "Acted now, to be justified after"
	case RiskIdentified:
		return "Risk identified"
	case RiskFollowedUp:
		return "Follow-up on risk"
	case HighRisk:
		return "High risk"
	case MARACRoute:
		return "Route to MARAC"
	case Offered:
		return "Referral offered"
	case OfferAnswered:
		return "Answer to the offer"
	case ReferralSent:
		return "Referral sent"
	case ReferralReceived:
		return "Referral received"
	case Acknowledged:
		return "Acknowledged by a person"
	case ShareWithdrawn:
		return "Share withdrawn"
	case SharedAgainst:
		return "Left against an agreement"
	case SharingReviewed:
		return "Looked at by the key contact"
	case AdviceAsked:
		return "Advice asked of the key contact"
	case AdviceGiven:
		return "Advice of the key contact"
	case ShareJustified:
		return "Justified after it was sent at once"
	case ShareChased:
		return "Somebody at the receiver sees to it"
	case ShareCorrected:
		return "Share corrected"
	case ReferralDecided:
		return "Referral decided"
	case FeedbackSent:
		return "Feedback sent"
	case FeedbackReceived:
		return "Feedback received"
	case ReferralStage:
		return "How far the referral has come"
	case PassedOn:
		return "Referral passed on"
	case AskReceived:
		return "Asked for on the public pages"
	case MessageTaken:
		return "Taken by the receiver's system"
	case MessageHeldUp:
		return "Not through to the receiver's system yet"
	case MessageRefused:
		return "Refused by the receiver's system"
	case TaskDone:
		return "Task done"
	case RestrictionSet:
		return "Restricted to named workers"
	case RestrictionLifted:
		return "Restriction lifted"
	case EmergencyOpened:
		return "Emergency access"
	case EmergencyReviewed:
		return "Emergency access reviewed"
	case AddressGuarded:
		return "An address that is kept apart"
	case ResearchReturned:
		return "Returned to a MARAC"
	case MARACFlagged:
		return "On the list of a MARAC"
	case RequestReceived:
		return "Request received, not verified"
	case RequestSettled:
		return "Request settled"
	case Closed:
		return "Case closed"
	case Reopened:
		return "Case opened again"
	case HoldSet:
		return "Legal hold"
	case HoldLifted:
		return "Legal hold lifted"
	case CopyReleased:
		return "Copy given to the person"
	case EntryCorrected:
		return "Correction"
	case EntryErased:
		return "Erased after a decision"
	case CorrectionRefused:
		return "Correction or erasure refused"
	case AttachmentAdded:
		return "Document added"
	case PlanMade:
		return "Safety plan made"
	case PlanReviewed:
		return "Safety plan looked at again"
	case PlanChange:
		return "Change that asks for a look at the safety plan"
	case PlanStep:
		return "Step of the safety plan"
	case PlanCopied:
		return "Copy of the safety plan"
	case SupportBegun:
		return "How the case came"
	case ContactPlanned:
		return "Contact planned"
	case ContactMade:
		return "Contact"
	case ContactTried:
		return "Attempt at contact"
	case ContactRefused:
		return "Contact not made: refused as unsafe"
	case CautiousAttempt:
		return "Cautious first attempt"
	case LetterWritten:
		return "Letter or message written"
	case LetterSettled:
		return "What became of a letter or message"
	case NotReached:
		return "Not reached: look at the risk"
	case NeedRecorded:
		return "Need"
	case NeedChanged:
		return "Need looked at again"
	case GoalSet:
		return "What they want"
	case ActionAgreed:
		return "Action agreed"
	case ActionEnded:
		return "Action ended"
	case SupportOffered:
		return "Support considered or offered"
	case SupportPlanned:
		return "Plan of support"
	case OutcomeAsked:
		return "How things are, as they see it"
	case TheirFeedback:
		return "What they say of the support"
	case Appointed:
		return "Appointment"
	case AppointmentMoved:
		return "Appointment moved"
	case AppointmentOff:
		return "Appointment cancelled"
	case AppointmentUnsafe:
		return "Appointment not made: the slot is not safe"
	case AppointmentAsked:
		return "A manager is asked about an appointment"
	case AppointmentStands:
		return "A manager decided about an appointment"
	case AppointmentEnded:
		return "What became of an appointment"
	case AppointmentTold:
		return "Told of an appointment"
	case GroupOffered:
		return "Group offered"
	case GroupJoined:
		return "Joined a group"
	case GroupUnsafe:
		return "Group not joined: it is not safe"
	case GroupStands:
		return "A manager decided about a group"
	case GroupLeft:
		return "Left a group"
	case GroupAttended:
		return "Session of a group"
	case WaitingBegun:
		return "Waits for a service"
	case WaitingLooked:
		return "While they wait"
	case WaitingEnded:
		return "What came of a service"
	case HearingListed:
		return "Hearing"
	case HearingEnded:
		return "What came of a hearing"
	case OrderRecorded:
		return "Order"
	case OrderServed:
		return "Order served"
	case OrderChanged:
		return "Order changed or ended"
	case SupervisionHeld:
		return "Looked at in supervision"
	case SupervisionDone:
		return "What was agreed in supervision"
	case SignedOff:
		return "Signed off"
	case PathwayAnswered:
		return "Step of a pathway"
	case CircumstanceTold:
		return "Circumstance that bears on risk or support"
	case AdvicePointedTo:
		return "Specialist advice"
	case MarriageTold:
		return "Forced marriage: what is known"
	case CapacityNoted:
		return "Capacity note"
	case HarmReported:
		return "Said to have been done"
	case PatternJudged:
		return "Who does what to whom"
	case SecondGiven:
		return "Second opinion"
	case SideDecided:
		return "Decided on which side the case is worked"
	case MARACReferred:
		return "Referred to MARAC"
	case MARACReceived:
		return "Received by the MARAC"
	case MARACAnswered:
		return "Decided by the MARAC"
	case MARACRepeat:
		return "Repeat at MARAC"
	case MARACAction:
		return "Action from the MARAC"
	}
	return string(k)
}

// TaskKind is what is to be done.
type TaskKind string

// The kinds of task.
const (
	AskAgain          TaskKind = "ask_again"
	AskSafeContact    TaskKind = "ask_safe_contact"
	SafetyFollowUp    TaskKind = "safety_follow_up"
	IdentifyRisk      TaskKind = "identify_risk"
	OfferReferral     TaskKind = "offer_referral"
	ConsiderMARAC     TaskKind = "consider_marac"
	ReviewActNow      TaskKind = "review_act_now"
	GiveFeedback      TaskKind = "give_feedback"
	FirstContact      TaskKind = "first_contact"
	TakeOver          TaskKind = "take_over"
	ReferElsewhere    TaskKind = "refer_elsewhere"
	ReviewUnsafeTel   TaskKind = "tell_when_safe"
	EmergencyUsed     TaskKind = "emergency_used"
	ConfirmRequest    TaskKind = "confirm_request"
	ReleaseAddress    TaskKind = "release_address"
	ReleaseCopy       TaskKind = "release_copy"
	ReviewPlan        TaskKind = "review_plan"
	TakeStep          TaskKind = "plan_step"
	PlannedContact    TaskKind = "planned_contact"
	AgreedAction      TaskKind = "agreed_action"
	PlanReview        TaskKind = "plan_review"
	ReviewRisk        TaskKind = "review_risk"
	FollowUpRisk      TaskKind = "follow_up_risk"
	MoveAppointment   TaskKind = "move_appointment"
	DecideMeeting     TaskKind = "decide_meeting"
	BookInterpreter   TaskKind = "book_interpreter"
	MoveGroup         TaskKind = "move_group"
	DecideGroup       TaskKind = "decide_group"
	SpeakWaiting      TaskKind = "speak_while_waiting"
	PrepareHearing    TaskKind = "prepare_hearing"
	OrderEnds         TaskKind = "order_ends"
	SupervisedStep    TaskKind = "supervision_action"
	SignOffRisk       TaskKind = "sign_off_risk"
	SignOffClosure    TaskKind = "sign_off_closure"
	PathwayStep       TaskKind = "pathway_step"
	ReferSafeguarding TaskKind = "refer_safeguarding"
	NoteCapacity      TaskKind = "note_capacity"
	ReviewPattern     TaskKind = "review_pattern"
	SecondOpinion     TaskKind = "second_opinion"
	DecideSide        TaskKind = "decide_side"
	ReadAdvice        TaskKind = "read_advice"
	ReadCorrection    TaskKind = "read_correction"
	TellAnotherWay    TaskKind = "tell_another_way"
	LinkIDVA          TaskKind = "link_idva"
	ScreenMARAC       TaskKind = "screen_marac"
)

// Place is the page below the file's on which a task is done by doing the work
// itself, empty for one that a note clears.
func (k TaskKind) Place() string {
	switch k {
	case ReviewPlan, TakeStep:
		return "/plan"
	case ReleaseAddress:
		return "/addresses"
	case PlannedContact:
		return "/contacts"
	case AgreedAction, PlanReview:
		return "/support"
	case MoveAppointment, DecideMeeting, BookInterpreter:
		return "/appointments"
	case MoveGroup, DecideGroup:
		return "/groups"
	case SpeakWaiting:
		return "/waiting"
	case PrepareHearing, OrderEnds:
		return "/court"
	case SupervisedStep, SignOffRisk, SignOffClosure:
		return "/supervision"
	case PathwayStep:
		return "/pathway"
	case NoteCapacity, ReviewPattern, SecondOpinion, DecideSide:
		return "/circumstances"
	case ScreenMARAC:
		return "/marac"
	default:
		return ""
	}
}

// Label is the task in words for people.
func (k TaskKind) Label() string {
	switch k {
	case AskAgain:
		return "Ask again, safely and alone"
	case AskSafeContact:
		return "Ask how this person can be reached safely"
	case SafetyFollowUp:
		return "Follow up immediate safety"
	case IdentifyRisk:
		return "Identify risk"
	case OfferReferral:
		return "Offer a referral"
	case ConsiderMARAC:
		return "Consider a referral to MARAC"
	case ReviewActNow:
		return "Review what was done at once"
	case GiveFeedback:
		return "Give feedback to the referrer"
	case FirstContact:
		return "Make first contact safely"
	case TakeOver:
		return "Take over this case"
	case ReferElsewhere:
		return "Refer along the right route"
	case ReviewUnsafeTel:
		return "Tell the person about the share when it is safe"
	case EmergencyUsed:
		return "Look at the emergency access to this case"
	case ReleaseAddress:
		return "Decide whether an address stays confidential"
	case ConfirmRequest:
		return "Confirm a request in a safe way"
	case ReleaseCopy:
		return "Read through a copy before it is given"
	case ReviewPlan:
		return "Review the safety plan"
	case TakeStep:
		return "Step of the safety plan"
	case PlannedContact:
		return "Make the contact that is planned"
	case AgreedAction:
		return "Do what was agreed with the person"
	case PlanReview:
		return "Look at the plan of support again"
	case ReviewRisk:
		return "Look at the risk again"
	case FollowUpRisk:
		return "Ask the follow-up that an answer calls for"
	case MoveAppointment:
		return "Move this appointment: they would meet"
	case DecideMeeting:
		return "Decide about an appointment at a slot that is not safe"
	case BookInterpreter:
		return "Book an interpreter"
	case MoveGroup:
		return "Look at a group again: they would meet"
	case DecideGroup:
		return "Decide about a group that is not safe"
	case SpeakWaiting:
		return "Speak to somebody who waits for a service"
	case PrepareHearing:
		return "Prepare for a hearing"
	case OrderEnds:
		return "An order ends: see what protects them then"
	case SupervisedStep:
		return "Do what was agreed in supervision"
	case SignOffRisk:
		return "Sign off a case at high risk"
	case SignOffClosure:
		return "Sign off a case that was closed"
	case PathwayStep:
		return "Take the step of the pathway that is planned"
	case ReferSafeguarding:
		return "Refer to safeguarding, or write why not"
	case NoteCapacity:
		return "Write down whether they can make this decision"
	case ReviewPattern:
		return "Judge again who does what to whom"
	case SecondOpinion:
		return "Give a second opinion on who does what to whom"
	case DecideSide:
		return "Decide on which side this case is worked"
	case ReadAdvice:
		return "Read what the key contact advises"
	case ReadCorrection:
		return "Read what the sender has put right"
	case TellAnotherWay:
		return "Tell the team another way: the message does not reach them"
	case LinkIDVA:
		return "Refer them to an IDVA too, or write why not"
	case ScreenMARAC:
		return "Decide about a referral to the MARAC"
	}
	return string(k)
}
