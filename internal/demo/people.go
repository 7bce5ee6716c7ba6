package demo

import (
	"fmt"
	"strings"

	"waymark/internal/registers/people"
)

// The names are ordinary ones of many backgrounds, put together by chance.
// Whoever is really called so is not meant.
var (
	womensNames = strings.Fields(`Abena Agnieszka Aisha Alice Amelia Ana Anjali Beth Bianca Blessing Caitlin Carys Chloe Daniela Dorota Efua Elena
		Ellie Esther Farah Fatima Freya Gemma Grace Hannah Hana Heather Imani Ioana Isla Jade Jasmine Joy Kavita Kayleigh Keisha Lara Layla Leanne
		Lin Lucy Magda Maria Mariam Megan Mei Mina Molly Naomi Nasreen Neha Nicole Nour Oksana Olivia Priya Rachel Rania Rebecca Rekha Rhian Rosie
		Ruby Sadia Salma Sara Shanice Simran Sinead Siobhan Sofia Sunita Tamara Tanisha Teresa Thandi Uzma Valentina Yasmin Ying Zara Zofia`)
	mensNames = strings.Fields(`Adam Ahmed Aleksander Amir Andrei Arjun Ben Bilal Callum Carlos Chidi Craig Daniel David Dylan Emeka Ewan Femi
		Gareth Hamza Harjit Hassan Imran Jack Jamal James Jordan Kamil Karim Kieran Kofi Kwame Lewis Liam Luca Marcin Mark Mateusz Mihai Nathan
		Omar Owen Paul Pavel Rahul Raj Rhys Ryan Sanjay Sean Stephen Tariq Tomasz Victor Wei Yusuf`)
	familyNames = strings.Fields(`Abara Adeyemi Ahmed Akhtar Allen Amoah Bailey Baker Begum Bennett Bhatt Boateng Bos Brown Byrne Campbell Carter
		Chan Choudhury Clarke Cooper Costa Davies Diallo Dogan Doyle Evans Farooq Fernandes Fisher Foster Gallagher Georgescu Gill Green Griffiths
		Gupta Hall Harris Hassan Hill Hughes Hussain Ionescu Jackson James Jones Kaur Kelly Khan Kowalska King Kumar Lewis Li Lopes Malik Martin
		Mensah Mitchell Mohamed Moore Morgan Murphy Musa Nowak Obi Okafor Oliver Owusu Patel Pereira Phillips Popa Price Qureshi Rahman Reid Roberts
		Robinson Rose Sandhu Santos Scott Shah Sharma Shaw Silva Singh Smith Taylor Thomas Turner Walker Walsh Ward Watson White Williams Wilson
		Wood Wright Yilmaz Young Zielinska`)
)

// languages are those that are not English, with what is needed for them.
var languages = []string{"Polish", "Urdu", "Bengali", "Romanian", "Punjabi", "Arabic", "Portuguese", "Turkish", "Somali", "Dari", "British Sign Language"}

// somebody makes up a person whose name nobody in the county has.
func (c *county) somebody(woman bool) people.Details {
	given, gender := mensNames, "man"
	if woman {
		given, gender = womensNames, "woman"
	}
	d := people.Details{Gender: gender, Language: "English"}
	for d.GivenName == "" || c.taken[d.GivenName+" "+d.FamilyName] {
		d.GivenName, d.FamilyName = pick(c, given), pick(c, familyNames)
	}
	c.taken[d.GivenName+" "+d.FamilyName] = true
	switch n := c.random.IntN(100); {
	case n < 85:
		d.Born = c.born(18, 52)
	case n < 97:
		d.Born = c.born(53, 84)
	default:
		d.Born = "" // not asked
	}
	if c.chance(4) {
		d.KnownAs = d.GivenName[:1] + "."
	}
	if c.chance(16) {
		d.Language = pick(c, languages)
		d.AccessNeeds = "Professional interpreter for " + d.Language
	} else if c.chance(5) {
		d.AccessNeeds = pick(c, []string{"Large print", "Step-free access", "Easy read letters", "Uses a hearing aid: meet in a quiet room"})
	}
	if c.chance(3) {
		d.Gender = "non-binary"
	}
	return d
}

// child makes up a child of somebody.
func (c *county) child(family string) people.Details {
	names := mensNames
	if c.chance(50) {
		names = womensNames
	}
	return people.Details{GivenName: pick(c, names), FamilyName: family, Born: c.born(0, 15)[:4]}
}

// born is a day of birth of somebody between two ages.
func (c *county) born(from, to int) string {
	return Start.AddDate(-from-c.random.IntN(to-from+1), -1-c.random.IntN(11), -c.random.IntN(28)).Format(dateOnly)
}

// mobile and landline are numbers kept free for drama: they ring nowhere.
func (c *county) mobile() string   { return fmt.Sprintf("07700 900%03d", c.random.IntN(1000)) }
func (c *county) landline() string { return fmt.Sprintf("01632 960%03d", c.random.IntN(1000)) }

// email is an address at a domain kept free for examples.
func email(d people.Details) string {
	return strings.ToLower(d.GivenName + "." + d.FamilyName + "@example.org")
}

// answersAboutContact is what somebody said about reaching them safely.
func (c *county) answersAboutContact(d people.Details) people.ContactForm {
	f := people.ContactForm{}
	way := func(ch people.Channel, a people.Allowance, detail, conditions string) {
		f.Ways = append(f.Ways, people.Way{Channel: ch, Allowed: a, Detail: detail, Conditions: conditions})
	}
	switch n := c.random.IntN(100); {
	case n < 35:
		number := c.mobile()
		way(people.Mobile, people.Yes, number, "")
		way(people.Text, people.Yes, number, "")
		way(people.Post, people.No, "", "")
	case n < 70:
		way(people.Mobile, people.OnlyIf, c.mobile(), pick(c, []string{
			"Weekdays between 10 and 2, and say you are calling about an appointment", "Only on Tuesdays and Thursdays; withhold the number",
			"Let it ring twice and wait to be called back", "Not after 4 in the afternoon",
		}))
		way(people.Text, people.No, "", "The telephone is looked through")
		way(people.Landline, people.No, c.landline(), "")
		way(people.Email, people.Yes, email(d), "")
	case n < 85:
		way(people.WorkPhone, people.OnlyIf, c.landline(), "Ask for the person by name and say nothing else")
		way(people.Mobile, people.No, "", "")
		way(people.Professional, people.Yes, "", "Through the practice nurse")
	default:
		way(people.InPerson, people.Yes, "", "At the next appointment")
		way(people.Mobile, people.No, "", "")
		f.TheyContact = true
	}
	if c.chance(30) {
		f.NeverSpeak = pick(c, []string{"The partner", "The former partner and his family", "Anybody else who answers", "The sister-in-law"})
	}
	if c.chance(15) {
		f.CodeWord = pick(c, []string{"lavender", "harbour", "marmalade", "tulip", "biscuit"})
	}
	return f
}
