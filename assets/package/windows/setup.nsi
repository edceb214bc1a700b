; Installs Latchdesk: for one user without any rights, for all of a computer where an administrator
; runs it. How a script drives it and what it answers is in the README under Packages.
; The build gives VERSION, NUMBERS, FILES, ICON, SIDE, SIZE in KB, SIGN and OUT.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64 ; so that the second program is found to be the first once more
SetDateSave off
CRCCheck force

!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include nsDialogs.nsh

!define NAME "Latchdesk"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Latchdesk"

; The codes are those of Windows' own installer, which software management knows how to take.
!define REFUSED_FAILED 1603
!define REFUSED_RUNNING 1618 ; it is worth trying again later
!define REFUSED_NEWER 1638
!define REFUSED_RIGHTS 740
!define REFUSED_WINDOWS 1150

Name "${NAME}"
Caption "${NAME} ${VERSION}"
BrandingText "${NAME} ${VERSION}"
OutFile "${OUT}"
RequestExecutionLevel highest
ManifestDPIAware true
ManifestSupportedOS Win10
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow
!uninstfinalize '"${SIGN}" "%1"' = 0

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey CompanyName "The Latchdesk authors"
VIAddVersionKey FileDescription "Installs Latchdesk"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "The Latchdesk authors, MIT License"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!include MUI2.nsh
Page custom askWhom takeWhom
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "Open Latchdesk"
!define MUI_FINISHPAGE_RUN_FUNCTION openIt
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

Var Admin  ; who runs this may install for all
Var Given  ; the folder that the command line names with /D=
Var Whom   ; all or one
Var Radio
Var Waited ; tenths of a second
Var Limit

; Say tells TEXT: in a box, or silently to whoever reads the output.
!macro Say TEXT
  Push "${TEXT}"
  !ifdef __UNINSTALL__
    Call un.say
  !else
    Call say
  !endif
!macroend
!define Say "!insertmacro Say"

; Refuse ends everything with a sentence and an exit code.
!macro Refuse CODE TEXT
  SetErrorLevel ${CODE}
  ${Say} "${TEXT}"
  Quit
!macroend
!define Refuse "!insertmacro Refuse"

; What setup and remover share, each needs as its own.
!macro Shared UN
Function ${UN}say
  Exch $0
  Push $1
  ${If} ${Silent}
    System::Call 'kernel32::AttachConsole(i -1)'
    System::Call 'kernel32::GetStdHandle(i -11)p.r1'
    FileWrite $1 "$0$\r$\n"
  ${Else}
    MessageBox MB_OK|MB_ICONINFORMATION "$0"
  ${EndIf}
  Pop $1
  Pop $0
FunctionEnd

; waitFor gives $2, a program's file, time to be left by whoever runs it. Windows lets nobody write
; to a file that runs.
Function ${UN}waitFor
  ${DoWhile} ${FileExists} "$2"
    ClearErrors
    FileOpen $0 "$2" a
    ${IfNot} ${Errors}
      FileClose $0
      ${ExitDo}
    ${EndIf}
    ${If} ${Silent}
      ${If} $Waited >= $Limit
        ${Refuse} ${REFUSED_RUNNING} "Latchdesk was still running. Nothing was changed."
      ${EndIf}
      Sleep 100
      IntOp $Waited $Waited + 1
    ${ElseIf} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Latchdesk is running. Close its windows and anything that is running latchdesk-cli, then choose Retry." IDCANCEL`
      SetErrorLevel ${REFUSED_RUNNING}
      Quit
    ${EndIf}
  ${Loop}
FunctionEnd

; waitUntilLeft waits for both programs, silently for /WAIT= seconds, 60 if nothing is said.
Function ${UN}waitUntilLeft
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/WAIT=" $Limit
  ${If} ${Errors}
    StrCpy $Limit 60
  ${EndIf}
  IntOp $Limit $Limit * 10
  StrCpy $Waited 0
  StrCpy $2 "$INSTDIR\latchdesk.exe"
  Call ${UN}waitFor
  StrCpy $2 "$INSTDIR\latchdesk-cli.exe"
  Call ${UN}waitFor
FunctionEnd

Function ${UN}forAll
  StrCpy $Whom all
  SetShellVarContext all
FunctionEnd

Function ${UN}forOne
  StrCpy $Whom one
  SetShellVarContext current
FunctionEnd

Function ${UN}lookWho
  UserInfo::GetAccountType
  Pop $Admin
FunctionEnd
!macroend

!insertmacro Shared "un."
!insertmacro Shared ""

Function .onInit
  ${IfNot} ${AtLeastWin10}
    ${Refuse} ${REFUSED_WINDOWS} "Latchdesk needs Windows 10 or later."
  ${EndIf}
  StrCpy $Given $INSTDIR
  Call lookWho
  ReadRegStr $0 HKLM "${ENTRY}" InstallLocation
  ReadRegStr $1 HKCU "${ENTRY}" InstallLocation
  ${GetParameters} $2
  Call forOne
  ${If} $Admin == Admin
    ${If} $0 != ""
    ${OrIf} $1 == "" ; who has it alone keeps it so
      Call forAll
    ${EndIf}
  ${EndIf}
  ClearErrors
  ${GetOptions} $2 "/CurrentUser" $3
  ${IfNot} ${Errors}
    Call forOne
  ${EndIf}
  ClearErrors
  ${GetOptions} $2 "/AllUsers" $3
  ${IfNot} ${Errors}
    ${If} $Admin != Admin
      ${Refuse} ${REFUSED_RIGHTS} "Installing Latchdesk for all users of this computer requires an administrator."
    ${EndIf}
    Call forAll
  ${EndIf}
FunctionEnd

; Only who has the rights is asked.
Function askWhom
  ${If} $Admin != Admin
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "For whom?" "Either way, every user has their own desk."
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 0 10u 100% 12u "For &all users of this computer"
  Pop $Radio
  ${NSD_CreateRadioButton} 0 28u 100% 12u "For &me alone"
  Pop $1
  ${If} $Whom == all
    ${NSD_Check} $Radio
  ${Else}
    ${NSD_Check} $1
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function takeWhom
  ${NSD_GetState} $Radio $0
  ${If} $0 == ${BST_CHECKED}
    Call forAll
  ${Else}
    Call forOne
  ${EndIf}
FunctionEnd

Section
  ReadRegStr $0 SHCTX "${ENTRY}" DisplayVersion
  ReadRegStr $1 SHCTX "${ENTRY}" InstallLocation
  ${If} $Given != ""
    StrCpy $INSTDIR $Given
  ${ElseIf} $1 != ""
    StrCpy $INSTDIR $1
  ${ElseIf} $Whom == all
    StrCpy $INSTDIR "$PROGRAMFILES64\Latchdesk"
  ${Else}
    StrCpy $INSTDIR "$LOCALAPPDATA\Programs\Latchdesk"
  ${EndIf}
  ${If} $0 != ""
    ${VersionCompare} $0 "${VERSION}" $2
    ${If} $2 == 1
      ${Refuse} ${REFUSED_NEWER} "Latchdesk $0 is installed, which is newer than ${VERSION}. Nothing was changed. An older version cannot read what a newer one has written; to install it anyway, remove the newer one first."
    ${EndIf}
  ${EndIf}
  Call waitUntilLeft

  ClearErrors
  SetOutPath $INSTDIR
  File /r "${FILES}/*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Latchdesk.lnk" "$INSTDIR\latchdesk.exe" "" "" "" "" "" "Read, answer, block and unblock customers"
  CreateShortcut "$SMPROGRAMS\Latchdesk demo.lnk" "$INSTDIR\latchdesk.exe" "--demo" "" "" "" "" "A world to practise in"
  WriteRegStr SHCTX "${ENTRY}" DisplayName "${NAME}"
  WriteRegStr SHCTX "${ENTRY}" DisplayVersion "${VERSION}"
  WriteRegStr SHCTX "${ENTRY}" DisplayIcon "$INSTDIR\latchdesk.exe"
  WriteRegStr SHCTX "${ENTRY}" Publisher "The Latchdesk authors"
  WriteRegStr SHCTX "${ENTRY}" InstallLocation "$INSTDIR"
  WriteRegStr SHCTX "${ENTRY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${ENTRY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${ENTRY}" EstimatedSize ${SIZE}
  WriteRegDWORD SHCTX "${ENTRY}" NoModify 1
  WriteRegDWORD SHCTX "${ENTRY}" NoRepair 1
  ${If} ${Errors}
    ${Refuse} ${REFUSED_FAILED} "Latchdesk could not be written to $INSTDIR. Is the disk full, or are you not allowed to write there?"
  ${EndIf}
SectionEnd

; The setup may run as an administrator; the desktop's own shell opens the program as the user.
Function openIt
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\latchdesk.exe"'
FunctionEnd

Function un.onInit
  Call un.lookWho
  Call un.forOne
  ReadRegStr $0 HKLM "${ENTRY}" InstallLocation
  ${If} $0 == $INSTDIR
    ${If} $Admin != Admin
      ${Refuse} ${REFUSED_RIGHTS} "Latchdesk is installed for all users of this computer. Removing it requires an administrator."
    ${EndIf}
    Call un.forAll
  ${EndIf}
FunctionEnd

; What the setup brought goes, and nothing else: neither the profiles nor an opengl32.dll that
; somebody laid there.
Section un.
  Call un.waitUntilLeft
  Delete "$SMPROGRAMS\Latchdesk.lnk"
  Delete "$SMPROGRAMS\Latchdesk demo.lnk"
  Delete "$INSTDIR\latchdesk.exe"
  Delete "$INSTDIR\latchdesk-cli.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\README.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey SHCTX "${ENTRY}"
  SetShellVarContext current ; else LOCALAPPDATA is that of all
SectionEnd

Function un.onUninstSuccess
  ${If} $Whom == all
    ${Say} "Latchdesk is removed. Every user's desk stays where it was, with everything in it: in %LOCALAPPDATA%\Latchdesk, yours in $LOCALAPPDATA\Latchdesk. To remove a desk as well, delete that folder."
  ${Else}
    ${Say} "Latchdesk is removed. The desk stays where it was, with everything in it: in $LOCALAPPDATA\Latchdesk. To remove it as well, delete that folder."
  ${EndIf}
FunctionEnd
