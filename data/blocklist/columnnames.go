package blocklist

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// phoneNames are the names that programs and people give the column of phone numbers,
// the surest first: of several columns the first name counts.
var phoneNames = columnKeys(
	"phone", "phone number",
	"e164 number", "original number", // Android's blocked numbers, as SMS Import / Export writes them
	"phone #", "WhatsApp", "WhatsApp number", "WhatsApp phone", "wa id", "wa number",
	"mobile", "mobile number", "mobile phone", "cell", "cell phone", "cell number", "cellphone number",
	"telephone", "telephone number", "tel", "phone no", "mobile no", "tel no", "msisdn",
	"customer phone", "customer phone number", "customer mobile", "contact number", "contact phone", "primary phone",
	"caller id", "caller number", "blocked number", "home phone", "business phone", "work phone",
	"pattern", "regex", // SpamBlocker: regular expressions
	"telefon", "telefonnummer", "telefonnr", "handy", "handynummer", "mobil", "mobilnummer", "mobiltelefon", "rufnummer",
	"teléfono", "número de teléfono", "celular", "móvil", "teléfono móvil", "número de celular",
	"telefone", "número de telefone", "telemóvel",
	"téléphone", "numéro de téléphone", "téléphone portable", "portable", "téléphone mobile",
	"telefono", "numero di telefono", "cellulare",
	"telefoon", "telefoonnummer", "mobiel",
	"puhelin", "puhelinnumero", "telefon komórkowy", "numer telefonu", "telefon numarası", "telefon numarasi", "cep telefonu",
	"телефон", "номер телефона", "мобильный", "мобильный телефон",
	"फ़ोन", "फ़ोन नंबर", "मोबाइल", "मोबाइल नंबर", "هاتف", "رقم الهاتف", "الهاتف", "جوال", "رقم الجوال",
	"telepon", "nomor telepon", "no hp", "nomor hp",
	"电话", "电话号码", "手机", "手机号", "手机号码", "電話", "電話番号", "携帯電話", "전화번호", "휴대폰", "휴대폰번호",
	"number", "numbers", "número", "numéro", "nummer", "numer", "номер", "nomor", // FreePBX, and last because other numbers are called so, too
)

// either are columns of which the first that is not blank has the number.
var either = columnKeys("e164 number", "original number")

// patternNames are columns of regular expressions.
var patternNames = columnKeys("pattern", "regex")

// numberedPhone is one of several columns of phone numbers, such as those of Google
// contacts: Phone 1 - Value.
var numberedPhone = regexp.MustCompile(`^(phone|phonenumber|mobile|telephone|tel|telefon|telefono|telefone)[0-9]{1,2}(value|number)?$`)

// customerNames are the names of the column of customers' names.
var customerNames = columnKeys(
	"name", "full name", "display name", "customer name", "contact name", "customer", "kunde", "kundenname", "kund", "klant", "client", "cliente",
	"nombre", "nombre completo", "nome", "nom", "naam", "navn", "namn", "nimi", "imię i nazwisko", "ad soyad", "имя", "фио",
	"नाम", "الاسم", "اسم", "nama", "姓名", "名前", "氏名", "이름",
)

// givenNames and familyNames are the names of the columns of a name in two parts.
var (
	givenNames  = columnKeys("first name", "given name", "vorname", "prénom", "förnamn", "fornavn")
	familyNames = columnKeys("last name", "family name", "surname", "nachname", "nom de famille", "efternamn", "etternavn")
)

// noteNames are the names of the column of notes.
var noteNames = columnKeys("note", "description") // description: FreePBX

// columnKeys returns names as columnKey has them.
func columnKeys(names ...string) []string {
	for i, name := range names {
		names[i] = columnKey(name)
	}
	return names
}

// maxColumnName is how much of a column's name is looked at, in bytes.
const maxColumnName = 120

// columnKey returns a column's name in a form that compares: its letters and digits
// in lower case, without accents.
func columnKey(name string) string {
	name = unescapeFormula(strings.ToValidUTF8(name[:min(len(name), maxColumnName)], ""))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mc, r) {
			return r
		}
		return -1
	}, norm.NFKD.String(strings.ToLower(name)))
}
