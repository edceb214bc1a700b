package cli

import "github.com/latchdesk/latchdesk/data"

// identityRow is somebody who writes, as a delivery names them, and who is found by
// which spellings. All rows can live at one desk: no two are the same person.
type identityRow struct {
	name      string
	from      string // JSON of what stands in from, or for a number in /chats; empty where it is missing
	user      string // userId
	parent    string // parentUserId
	username  string
	group     string       // the group that it was written in
	handle    string       // on Instagram
	address   data.Address // to the letter
	spellings []string     // of the same customer
	strangers []string     // of somebody else, though they look alike
}

// identityRows are the people of every country with a rule on both sides of its
// border, of countries without one, and those without a number.
var identityRows = []identityRow{
	{
		name: "Mexico, the old 1 delivered", from: `"5215512345678"`, address: "+5215512345678",
		spellings: []string{"+525512345678", "5215512345678", "+52 1 55 1234 5678", "+52 55 1234 5678", "525512345678"},
		strangers: []string{"+521551234567", "+52155123456789", "+5225512345678", "+525512345679"},
	},
	{
		name: "Mexico, without the 1", from: `"525598765432"`, address: "+525598765432",
		spellings: []string{"+5215598765432", "5215598765432"}, strangers: []string{"+5225598765432"},
	},
	{
		name: "Mexico, a number that begins with 1", from: `"521234567890"`, address: "+521234567890",
		spellings: []string{"+5211234567890"}, strangers: []string{"+52234567890"},
	},

	{
		name: "Argentina, the 9 delivered", from: `"5491123456789"`, address: "+5491123456789",
		spellings: []string{"+541123456789", "541123456789", "+54 11 15 2345-6789", "+549111523456789"},
		strangers: []string{"+5411234567890", "+5481123456789", "+541123456780", "+54121523456789"},
	},
	{
		name: "Argentina, without the 9", from: `"541198765432"`, address: "+541198765432",
		spellings: []string{"+5491198765432", "+54 9 11 9876-5432"}, strangers: []string{"+54911987654321"},
	},
	{
		name: "Argentina, an area code of three digits", from: `"5493515551234"`, address: "+5493515551234",
		spellings: []string{"+543515551234", "+54351155551234"}, strangers: []string{"+543515551235"},
	},
	{
		name: "Argentina, an area code of four digits", from: `"542901512345"`, address: "+542901512345",
		spellings: []string{"+54290115512345", "+5492901512345"}, strangers: []string{"+54290114512345"},
	},

	{
		name: "Brazil, a mobile below 31", from: `"5511988887777"`, address: "+5511988887777",
		spellings: []string{"+551188887777", "551188887777", "+55 11 98888-7777"}, strangers: []string{"+551198888777", "+5511888877776"},
	},
	{
		name: "Brazil, a mobile from 31 without the 9", from: `"553188887777"`, address: "+553188887777",
		spellings: []string{"+5531988887777", "+55 31 98888-7777"}, strangers: []string{"+5531888887777", "+5531988887778"},
	},
	{
		name: "Brazil, the first of the eight 6", from: `"553168887777"`, address: "+553168887777",
		spellings: []string{"+5531968887777"}, strangers: []string{"+553158887777"},
	},
	{
		name: "Brazil, the first of the eight 9", from: `"5531998886666"`, address: "+5531998886666",
		spellings: []string{"+553198886666"}, strangers: []string{"+553128886666"},
	},
	{
		name: "Brazil, a landline", from: `"553132345678"`, address: "+553132345678",
		spellings: []string{"+55 31 3234-5678"}, strangers: []string{"+5531932345678"},
	},
	{
		name: "Brazil, a landline that begins with 5", from: `"551152345678"`, address: "+551152345678",
		spellings: []string{"+551152345678"}, strangers: []string{"+5511952345678"},
	},
	{
		name: "Brazil, what a landline is with a 9", from: `"5521921234567"`, address: "+5521921234567",
		spellings: []string{"5521921234567"}, strangers: []string{"+552121234567"},
	},

	{
		name: "Ivory Coast, Moov in eight digits", from: `"22540123456"`, address: "+22540123456",
		spellings: []string{"+2250140123456", "22540123456", "+225 01 40 12 34 56"}, strangers: []string{"+2250540123456", "+2250740123456"},
	},
	{
		name: "Ivory Coast, Moov, the second digit 3", from: `"22503123456"`, address: "+22503123456",
		spellings: []string{"+2250103123456"}, strangers: []string{"+2250503123456"},
	},
	{
		name: "Ivory Coast, MTN in ten digits, the second 4", from: `"2250504123456"`, address: "+2250504123456",
		spellings: []string{"+22504123456", "22504123456"}, strangers: []string{"+2250104123456"},
	},
	{
		name: "Ivory Coast, MTN, the second digit 6", from: `"22546123456"`, address: "+22546123456",
		spellings: []string{"+2250546123456"}, strangers: []string{"+2250746123456"},
	},
	{
		name: "Ivory Coast, Orange in eight digits", from: `"22507123456"`, address: "+22507123456",
		spellings: []string{"+225 07 07 12 34 56"}, strangers: []string{"+2250507123456", "+2250107123456"},
	},
	{
		name: "Ivory Coast, Orange in ten digits", from: `"2250799123456"`, address: "+2250799123456",
		spellings: []string{"+22599123456"}, strangers: []string{"+2250599123456"},
	},
	{
		name: "Ivory Coast, one of two with the last eight digits", from: `"2250545111222"`, address: "+2250545111222",
		spellings: []string{"+22545111222"}, strangers: []string{"+2250145111222"},
	},
	{name: "Ivory Coast, the other of the two", from: `"2250745111222"`, address: "+2250745111222", spellings: []string{"+225 07 45 11 12 22"}},
	{
		name: "Ivory Coast, a landline, the third digit 8", from: `"22520812345"`, address: "+22520812345",
		spellings: []string{"+2252120812345"}, strangers: []string{"+2252720812345", "+2252520812345"},
	},
	{
		name: "Ivory Coast, a landline, the third digit 0", from: `"22520012345"`, address: "+22520012345",
		spellings: []string{"+2252520012345"}, strangers: []string{"+2252120012345"},
	},
	{
		name: "Ivory Coast, a landline, any other third digit", from: `"2252730912345"`, address: "+2252730912345",
		spellings: []string{"+22530912345"}, strangers: []string{"+2252530912345"},
	},

	{
		name: "Benin in ten digits", from: `"2290197123456"`, address: "+2290197123456",
		spellings: []string{"+22997123456", "22997123456"}, strangers: []string{"+2290297123456", "+229971234567"},
	},
	{
		name: "Benin in eight digits", from: `"22996123456"`, address: "+22996123456",
		spellings: []string{"+229 01 96 12 34 56"}, strangers: []string{"+22996123457"},
	},

	{
		name: "Sweden, without a rule", from: `"46701234567"`, address: "+46701234567",
		spellings: []string{"+46 70 123 45 67", "0046701234567"}, strangers: []string{"+461701234567", "+469701234567"},
	},
	{
		name: "India, without a rule", from: `"919137979401"`, address: "+919137979401",
		spellings: []string{"+91 91379 79401"}, strangers: []string{"+919137979400"},
	},
	{name: "Togo, between the two", from: `"22897123456"`, address: "+22897123456", spellings: []string{"+22897123456"}, strangers: []string{"+2280197123456"}},
	{name: "five digits", from: `"12345"`, address: "+12345", spellings: []string{"+12345"}, strangers: []string{"+12346"}},
	{
		name: "twenty digits", from: `"12345678901234567890"`, address: "+12345678901234567890",
		spellings: []string{"+12345678901234567890"}, strangers: []string{"+12345678901234567891"},
	},

	{name: "a JSON number", from: `919137979402`, address: "+919137979402", spellings: []string{"919137979402@c.us", "919137979402@s.whatsapp.net"}, strangers: []string{"+9191379794020"}},
	{name: "with a plus sign", from: `"+919137979403"`, address: "+919137979403", spellings: []string{"whatsapp:+919137979403", "tel:+919137979403;ext=5", "waid=919137979403"}},
	{name: "as c.us", from: `"919137979404@c.us"`, address: "+919137979404", spellings: []string{"+919137979404", "TEL;type=CELL;waid=919137979404:+91 91379 79404"}},
	{name: "as s.whatsapp.net", from: `"919137979405@s.whatsapp.net"`, address: "+919137979405", spellings: []string{"https://wa.me/919137979405"}},
	{name: "as whatsapp:", from: `"whatsapp:+919137979406"`, address: "+919137979406", spellings: []string{"+91-91379-79406"}},
	{name: "as tel:", from: `"tel:+919137979407"`, address: "+919137979407", spellings: []string{"(+91) 91379 79407"}},

	{
		name: "a user id, from missing", user: "IN.13491208655302741901", username: "riya.d", address: "IN.13491208655302741901",
		spellings: []string{"IN.13491208655302741901"}, strangers: []string{"IN.13491208655302741999", "@riya.d", "in.13491208655302741901"},
	},
	{name: "a user id, from null", from: `null`, user: "IN.13491208655302741902", address: "IN.13491208655302741902", spellings: []string{"IN.13491208655302741902"}},
	{name: "a user id, from empty", from: `""`, user: "IN.13491208655302741903", address: "IN.13491208655302741903", spellings: []string{" IN.13491208655302741903 "}},
	{name: "a user id in from", from: `"IN.13491208655302741904"`, address: "IN.13491208655302741904", spellings: []string{"IN.13491208655302741904"}},
	{name: "a user id twice", from: `"IN.13491208655302741905"`, user: "IN.13491208655302741905", address: "IN.13491208655302741905", spellings: []string{"IN.13491208655302741905"}},
	{name: "a user id in small letters", user: "IN.abcdef", address: "IN.abcdef", spellings: []string{"IN.abcdef"}, strangers: []string{"IN.Abcdef"}},
	{name: "the same in capitals, which is another", user: "IN.ABCDEF", address: "IN.ABCDEF", spellings: []string{"IN.ABCDEF"}},
	{
		name: "a parent id", parent: "IN.ENT.13491208655302741906", address: "IN.ENT.13491208655302741906",
		spellings: []string{"IN.ENT.13491208655302741906"}, strangers: []string{"IN.13491208655302741906"},
	},
	{
		name: "a number and a user id", from: `"919137979408"`, user: "IN.13491208655302741908", parent: "IN.ENT.1181", address: "+919137979408",
		spellings: []string{"IN.13491208655302741908", "+919137979408"},
	},
	{
		name: "an old number of Mexico and a user id", from: `"5215511112222"`, user: "MX.13491208655302741909", address: "+5215511112222",
		spellings: []string{"MX.13491208655302741909", "+525511112222"},
	},

	{
		name: "a group", from: `"919137979409"`, group: "120363404694233820", address: "120363404694233820@g.us",
		spellings: []string{"120363404694233820@g.us"}, strangers: []string{"+919137979409", "120363404694233821@g.us"},
	},
	{
		name: "a group of twenty digits", from: `"919137979410"`, group: "12036340469423382099", address: "12036340469423382099@g.us",
		spellings: []string{"12036340469423382099@g.us"}, strangers: []string{"+919137979410"},
	},
	{name: "Instagram", from: `null`, handle: "riya.d", address: "instagram:riya.d", spellings: []string{"instagram:riya.d", "instagram:@riya.d"}, strangers: []string{"instagram:riya.e"}},
}
