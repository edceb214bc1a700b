package chatexport

import "github.com/latchdesk/latchdesk/data"

// The words that WhatsApp puts into an export, by language where they differ. They
// are what it writes in English, Spanish, German, Portuguese, French, Italian, Dutch,
// Indonesian, Turkish, Russian, Polish and Swedish; in others, media are known by
// their names, and the rest is kept as text.

// blockWords and unblockWords begin the lines by which the business blocked the
// contact and took that back, in lower case.
var (
	blockWords = []string{
		"you blocked this contact", "you blocked this business",
		"bloqueaste a este contacto", "has bloqueado a este contacto", "bloqueaste a esta empresa",
		"du hast diesen kontakt blockiert",
		"você bloqueou este contato", "bloqueou este contato", "bloqueou este contacto", "bloqueaste este contacto",
	}
	unblockWords = []string{
		"you unblocked this contact", "you unblocked this business",
		"desbloqueaste a este contacto", "has desbloqueado a este contacto", "desbloqueaste a esta empresa",
		"du hast diesen kontakt freigegeben", "du hast die blockierung dieses kontakts aufgehoben", "du hast diesen kontakt entsperrt",
		"você desbloqueou este contato", "desbloqueou este contato", "desbloqueou este contacto", "desbloqueaste este contacto",
	}
)

// standingWords are in what WhatsApp says in every chat, in lower case.
var standingWords = []string{
	"end-to-end encrypt", "end-to-end-encrypt", "secured with end-to-end",
	"cifrados de extremo a extremo", "cifrado de extremo a extremo",
	"ende-zu-ende-verschlüssel",
	"criptografia de ponta a ponta", "encriptadas de ponta a ponta", "encriptação ponto a ponto", "protegidas com a criptografia",
	"chiffrés de bout en bout", "chiffrement de bout en bout",
	"crittografia end-to-end", "crittografati end-to-end",
	"end-to-end versleuteld", "end-to-end-versleuteld",
	"terenkripsi secara end-to-end", "uçtan uca şifreli", "сквозным шифрованием", "szyfrowane end-to-end", "szyfrowane w pełni",
	"end-to-end-krypter",
	"is a business account", "uses a secure service from meta", "es una cuenta de empresa", "é uma conta comercial", "ist ein unternehmenskonto",
}

// omittedWords stand for media that are not in the export, in lower case.
var omittedWords = map[string]data.Kind{
	"<media omitted>":           data.MediaMessage,
	"<multimedia omitido>":      data.MediaMessage,
	"<archivo omitido>":         data.MediaMessage,
	"<medien ausgeschlossen>":   data.MediaMessage,
	"<medien weggelassen>":      data.MediaMessage,
	"<mídia oculta>":            data.MediaMessage,
	"<arquivo de mídia oculto>": data.MediaMessage,
	"<ficheiro não revelado>":   data.MediaMessage,
	"<média omis>":              data.MediaMessage,
	"<médias omis>":             data.MediaMessage,
	"<fichier omis>":            data.MediaMessage,
	"<media omessi>":            data.MediaMessage,
	"<media omesso>":            data.MediaMessage,
	"<media weggelaten>":        data.MediaMessage,
	"<media tidak disertakan>":  data.MediaMessage,
	"<medya dahil edilmedi>":    data.MediaMessage,
	"<без медиафайлов>":         data.MediaMessage,
	"<pominięto multimedia>":    data.MediaMessage,
	"<media har utelämnats>":    data.MediaMessage,
	"<media jätettiin pois>":    data.MediaMessage,
	"<メディアなし>":                  data.MediaMessage,
	"<省略多媒体文件>":                 data.MediaMessage,
	"<媒體已略去>":                   data.MediaMessage,
	"<تم استبعاد الوسائط>":      data.MediaMessage,

	"image omitted":        data.ImageMessage,
	"gif omitted":          data.ImageMessage,
	"video omitted":        data.VideoMessage,
	"video note omitted":   data.VideoMessage,
	"audio omitted":        data.AudioMessage,
	"sticker omitted":      data.StickerMessage,
	"document omitted":     data.DocumentMessage,
	"contact card omitted": data.ContactsMessage,

	"imagen omitida":              data.ImageMessage,
	"gif omitido":                 data.ImageMessage,
	"video omitido":               data.VideoMessage,
	"audio omitido":               data.AudioMessage,
	"sticker omitido":             data.StickerMessage,
	"documento omitido":           data.DocumentMessage,
	"tarjeta de contacto omitida": data.ContactsMessage,

	"bild weggelassen":         data.ImageMessage,
	"gif weggelassen":          data.ImageMessage,
	"video weggelassen":        data.VideoMessage,
	"audio weggelassen":        data.AudioMessage,
	"sticker weggelassen":      data.StickerMessage,
	"dokument weggelassen":     data.DocumentMessage,
	"kontaktkarte ausgelassen": data.ContactsMessage,

	"imagem ocultada":           data.ImageMessage,
	"imagem omitida":            data.ImageMessage,
	"vídeo omitido":             data.VideoMessage,
	"áudio ocultado":            data.AudioMessage,
	"áudio omitido":             data.AudioMessage,
	"figurinha omitida":         data.StickerMessage,
	"cartão do contato omitido": data.ContactsMessage,

	"image absente":         data.ImageMessage,
	"gif retiré":            data.ImageMessage,
	"vidéo absente":         data.VideoMessage,
	"audio omis":            data.AudioMessage,
	"sticker omis":          data.StickerMessage,
	"document manquant":     data.DocumentMessage,
	"fiche contact retirée": data.ContactsMessage,

	"immagine omessa":        data.ImageMessage,
	"gif esclusa":            data.ImageMessage,
	"video omesso":           data.VideoMessage,
	"audio omesso":           data.AudioMessage,
	"sticker non incluso":    data.StickerMessage,
	"documento omesso":       data.DocumentMessage,
	"scheda contatto omessa": data.ContactsMessage,

	"afbeelding weggelaten": data.ImageMessage,
	"video weggelaten":      data.VideoMessage,
	"audio weggelaten":      data.AudioMessage,
	"sticker weggelaten":    data.StickerMessage,
	"document weggelaten":   data.DocumentMessage,
}

// attachedWords stand in parentheses behind the name of a file, in lower case.
var attachedWords = map[string]bool{
	"file attached": true, "archivo adjunto": true, "datei angehängt": true, "arquivo anexado": true, "ficheiro anexado": true,
	"fichier joint": true, "file allegato": true, "bestand bijgevoegd": true, "file terlampir": true, "dosya ekli": true,
	"файл добавлен": true, "plik załączony": true, "plik dołączony": true, "bifogad fil": true, "الملف مرفق": true, "添付ファイル": true, "文件附件": true, "파일 첨부됨": true,
}

// maxWords is more than the longest of the words has, in bytes.
const maxWords = 100

// editedMarks end the text of a message that was edited.
var editedMarks = []string{
	"<This message was edited>", "<Se editó este mensaje.>", "<Se editó este mensaje>", "<Este mensaje fue editado>",
	"<Diese Nachricht wurde bearbeitet.>", "<Diese Nachricht wurde bearbeitet>", "<Mensagem editada>", "<Esta mensagem foi editada>",
	"<Ce message a été modifié>", "<Questo messaggio è stato modificato>", "<Dit bericht is bewerkt>",
}

// deletedWords stand for a message that its author deleted, in lower case and without
// a full stop.
var deletedWords = map[string]bool{
	"this message was deleted": true, "you deleted this message": true, "this message was deleted by admin": true,
	"se eliminó este mensaje": true, "eliminaste este mensaje": true, "este mensaje fue eliminado": true,
	"diese nachricht wurde gelöscht": true, "du hast diese nachricht gelöscht": true,
	"mensagem apagada": true, "você apagou esta mensagem": true, "esta mensagem foi apagada": true, "apagou esta mensagem": true,
	"ce message a été supprimé": true, "vous avez supprimé ce message": true,
	"questo messaggio è stato eliminato": true, "hai eliminato questo messaggio": true,
	"dit bericht is verwijderd": true, "je hebt dit bericht verwijderd": true,
}

// placeWords stand before the link to a place, in lower case.
var placeWords = map[string]bool{
	"location": true, "ubicación": true, "standort": true, "localização": true, "localisation": true, "emplacement": true,
	"posizione": true, "locatie": true, "lokasi": true, "konum": true, "местоположение": true, "lokalizacja": true, "plats": true,
}
