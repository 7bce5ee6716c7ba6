// Package supervisionweb has the pages of supervision: whose work a supervisor
// looks after and how heavy it is, and what was said, agreed and signed on a
// case. How heavy a caseload is it asks of package support.
package supervisionweb
