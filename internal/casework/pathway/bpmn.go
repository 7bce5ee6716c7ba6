package pathway

import (
	"encoding/xml"
	"fmt"
)

// Elements of BPMN 2.0. The prefixes are part of their names, because the
// encoder knows one name space an element and other tools expect these prefixes.
type bpmnDefinitions struct {
	XMLName xml.Name `xml:"bpmn:definitions"`
	BPMN    string   `xml:"xmlns:bpmn,attr"`
	DI      string   `xml:"xmlns:bpmndi,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	DDI     string   `xml:"xmlns:di,attr"`
	XSI     string   `xml:"xmlns:xsi,attr"`
	ID      string   `xml:"id,attr"`
	Target  string   `xml:"targetNamespace,attr"`
	Made    string   `xml:"exporter,attr"`

	Process bpmnProcess `xml:"bpmn:process"`
	Diagram bpmnDiagram `xml:"bpmndi:BPMNDiagram"`
}

type bpmnProcess struct {
	ID         string     `xml:"id,attr"`
	Name       string     `xml:"name,attr"`
	Executable bool       `xml:"isExecutable,attr"`
	Words      string     `xml:"bpmn:documentation"`
	Start      bpmnNode   `xml:"bpmn:startEvent"`
	Gateways   []bpmnNode `xml:"bpmn:inclusiveGateway"`
	Tasks      []bpmnNode `xml:"bpmn:userTask"`
	End        bpmnNode   `xml:"bpmn:endEvent"`
	Flows      []bpmnFlow `xml:"bpmn:sequenceFlow"`
}

type bpmnNode struct {
	ID        string   `xml:"id,attr"`
	Name      string   `xml:"name,attr,omitempty"`
	Direction string   `xml:"gatewayDirection,attr,omitempty"`
	Default   string   `xml:"default,attr,omitempty"`
	Words     string   `xml:"bpmn:documentation,omitempty"`
	In        []string `xml:"bpmn:incoming"`
	Out       []string `xml:"bpmn:outgoing"`
}

type bpmnFlow struct {
	ID        string         `xml:"id,attr"`
	Name      string         `xml:"name,attr,omitempty"`
	From      string         `xml:"sourceRef,attr"`
	To        string         `xml:"targetRef,attr"`
	Condition *bpmnCondition `xml:"bpmn:conditionExpression"`
}

type bpmnCondition struct {
	Type     string `xml:"xsi:type,attr"`
	Language string `xml:"language,attr"`
	Text     string `xml:",chardata"`
}

type bpmnDiagram struct {
	ID    string    `xml:"id,attr"`
	Plane bpmnPlane `xml:"bpmndi:BPMNPlane"`
}

type bpmnPlane struct {
	ID     string      `xml:"id,attr"`
	Of     string      `xml:"bpmnElement,attr"`
	Shapes []bpmnShape `xml:"bpmndi:BPMNShape"`
	Edges  []bpmnEdge  `xml:"bpmndi:BPMNEdge"`
}

type bpmnShape struct {
	ID     string     `xml:"id,attr"`
	Of     string     `xml:"bpmnElement,attr"`
	Bounds bpmnBounds `xml:"dc:Bounds"`
}

type bpmnBounds struct {
	X      int `xml:"x,attr"`
	Y      int `xml:"y,attr"`
	Width  int `xml:"width,attr"`
	Height int `xml:"height,attr"`
}

type bpmnEdge struct {
	ID     string      `xml:"id,attr"`
	Of     string      `xml:"bpmnElement,attr"`
	Points []bpmnPoint `xml:"di:waypoint"`
}

type bpmnPoint struct {
	X int `xml:"x,attr"`
	Y int `xml:"y,attr"`
}

// Measures of the drawing.
const (
	bpmnTask, bpmnTaskHigh = 320, 80
	bpmnStep               = bpmnTaskHigh + 40
	bpmnGateway, bpmnEvent = 50, 36
	bpmnTaskX, bpmnJoinX   = 400, 900
	bpmnTop                = 160
)

// bpmn draws a process as it is put together.
type bpmn struct {
	process bpmnProcess
	plane   bpmnPlane
	bounds  map[string]bpmnBounds
}

func (b *bpmn) shape(id string, x, y, width, height int) {
	b.bounds[id] = bpmnBounds{x, y, width, height}
	b.plane.Shapes = append(b.plane.Shapes, bpmnShape{"shape-" + id, id, b.bounds[id]})
}

// flow leads from the right side of one node to the left of another, with a bend
// where they are not level.
func (b *bpmn) flow(from, to *bpmnNode, when *Condition, bend int) {
	id := "flow-" + from.ID + "-" + to.ID
	f := bpmnFlow{ID: id, From: from.ID, To: to.ID}
	if when != nil {
		f.Name, f.Condition = when.Words(), &bpmnCondition{"bpmn:tFormalExpression", "http://hl7.org/fhirpath", when.FHIRPath()}
	}
	from.Out, to.In = append(from.Out, id), append(to.In, id)
	b.process.Flows = append(b.process.Flows, f)
	p, q := b.bounds[from.ID], b.bounds[to.ID]
	a, z := bpmnPoint{p.X + p.Width, p.Y + p.Height/2}, bpmnPoint{q.X, q.Y + q.Height/2}
	points := []bpmnPoint{a, z}
	if a.Y != z.Y {
		points = []bpmnPoint{a, {bend, a.Y}, {bend, z.Y}, z}
	}
	b.plane.Edges = append(b.plane.Edges, bpmnEdge{"edge-" + id, id, points})
}

// BPMN is the pathway as BPMN 2.0 (XML), with its diagram: every step that is
// called for is a task for a person, all of them beside each other, because a
// pathway orders nothing. It is for drawing and reading, not for running.
func (v Version) BPMN() ([]byte, error) {
	d := v.Document
	process := "process-" + d.ID
	b := &bpmn{bounds: map[string]bpmnBounds{}, plane: bpmnPlane{ID: "plane-" + d.ID, Of: process}}
	b.process = bpmnProcess{ID: process, Name: d.Title, Words: d.Summary}
	start, end := bpmnNode{ID: "start", Name: d.For.Label()}, bpmnNode{ID: "end", Name: "What is called for is done, planned or declined"}
	split := bpmnNode{ID: "split", Name: "What does the case call for?", Direction: "Diverging", Default: "flow-split-join"}
	join := bpmnNode{ID: "join", Direction: "Converging"}
	middle := 60
	b.shape(start.ID, 60, middle-bpmnEvent/2, bpmnEvent, bpmnEvent)
	b.shape(split.ID, 180, middle-bpmnGateway/2, bpmnGateway, bpmnGateway)
	b.shape(join.ID, bpmnJoinX, middle-bpmnGateway/2, bpmnGateway, bpmnGateway)
	b.shape(end.ID, bpmnJoinX+140, middle-bpmnEvent/2, bpmnEvent, bpmnEvent)
	tasks := make([]bpmnNode, len(d.Steps))
	for n, s := range d.Steps {
		tasks[n] = bpmnNode{ID: "step-" + s.ID, Name: s.Title, Words: s.bpmnWords()}
		b.shape(tasks[n].ID, bpmnTaskX, bpmnTop+n*bpmnStep, bpmnTask, bpmnTaskHigh)
	}
	b.flow(&start, &split, nil, 0)
	b.flow(&split, &join, nil, 0)
	for n := range tasks {
		when := d.Steps[n].When
		if unless := d.Steps[n].Unless; !unless.IsZero() {
			when = Condition{All: []Condition{when, {Not: &unless}}}
		}
		b.flow(&split, &tasks[n], &when, 180+bpmnGateway+40)
		b.flow(&tasks[n], &join, nil, bpmnJoinX-60)
	}
	b.flow(&join, &end, nil, 0)
	b.process.Start, b.process.Gateways, b.process.Tasks, b.process.End = start, []bpmnNode{split, join}, tasks, end
	out, err := xml.MarshalIndent(bpmnDefinitions{
		BPMN: "http://www.omg.org/spec/BPMN/20100524/MODEL", DI: "http://www.omg.org/spec/BPMN/20100524/DI", DC: "http://www.omg.org/spec/DD/20100524/DC",
		DDI: "http://www.omg.org/spec/DD/20100524/DI", XSI: "http://www.w3.org/2001/XMLSchema-instance",
		ID: "definitions-" + d.ID, Target: canonical + d.ID, Made: "Waymark", Process: b.process, Diagram: bpmnDiagram{ID: "diagram-" + d.ID, Plane: b.plane},
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}

func (s Step) bpmnWords() string {
	text := s.Soon() + ". " + s.Serving() + "."
	if s.Text != "" {
		text = s.Text + " " + text
	}
	if who := s.Who(); who != "" {
		text += " Who takes it: " + who + "."
	}
	if !s.Done.IsZero() {
		text += fmt.Sprintf(" Done when: %s.", s.Done.Words())
	}
	return text
}
