// Package appointmentsweb has the pages of appointments: the calendar of a worker
// and of an agency, the appointments of a case, the places of an agency, and the
// address of a calendar for programs outside.
package appointmentsweb
