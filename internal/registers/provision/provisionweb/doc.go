// Package provisionweb has the pages of the services of the area: the list, and
// adding and changing a line of it.
package provisionweb
