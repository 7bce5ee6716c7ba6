// Package attachmentsweb has the pages of the documents and pictures on a case.
package attachmentsweb
