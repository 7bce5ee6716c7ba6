package cases

import "regexp"

// topic are words by which whoever finds a paper, or reads a screen over
// somebody's shoulder, learns what it is for.
var topic = regexp.MustCompile(`(?i)abus\w*|violen\w*|refuges?\b|victims?\b|survivors?\b|perpetrat\w*|coerciv\w*|domestic|\bmarac\b|\bidva\b|advocates?\b|safety plan|safe house|` +
	`helpline|injunction|non-molestation|restraining order|\bpolice\b|\bhit(s|ting)?\b|\bescape\b|honou?r-based|forced marriage|stalk\w*|\brape\w*`)

// TellsTopic is the first word of a text that says what it is for, empty when
// there is none. What others might see carries none of them (S13).
func TellsTopic(text string) string { return topic.FindString(text) }
